#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace normscope {

/// Which tensors each shard of a large model holds, by the shard's file name, as the `weight_map`
/// of `index` says. Throws Error if it is not such an index, names more than 1,000 shards, or one
/// that is not a plain file name: a shard lies beside its index.
std::map<std::string, std::vector<std::string>> read_shard_index(
    const std::filesystem::path& index);

}  // namespace normscope

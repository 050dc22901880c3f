#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace normscope {

/// Which tensors each weight file of a large model holds, by file name, as the `weight_map` of
/// `index` says. Throws Error if it is not such an index, or names more than 1,000 files or one
/// that is not a plain file name: weight files lie beside their index.
std::map<std::string, std::vector<std::string>> read_shard_index(
    const std::filesystem::path& index);

}  // namespace normscope

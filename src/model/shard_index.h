#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace normscope {

/// The files of a model's folder, as `save_pretrained` of Hugging Face transformers names them.
constexpr const char* kConfigFile = "config.json";
constexpr const char* kWeightsFile = "model.safetensors";
constexpr const char* kShardIndexFile = "model.safetensors.index.json";

/// Which tensors each shard of a large model holds, by the shard's file name, as the `weight_map`
/// of `index` says. Throws Error if it is no such index, names more than 1,000 shards, or one that
/// is no plain file name: a shard lies beside its index.
std::map<std::string, std::vector<std::string>> read_shard_index(
    const std::filesystem::path& index);

}  // namespace normscope

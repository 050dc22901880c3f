#include "model/shard_index.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_file.h"
#include "model/plain_path.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::size_t kMostShards = 1000;
}  // namespace

std::map<std::string, std::vector<std::string>> read_shard_index(
    const std::filesystem::path& index) {
  const nlohmann::json json = read_json_object(index);
  const auto weight_map = json.find("weight_map");
  if (weight_map == json.end() || !weight_map->is_object() || weight_map->empty()) {
    throw Error(index, "weight_map", "is not an object that names the file of each tensor");
  }
  std::map<std::string, std::vector<std::string>> shards;
  for (const auto& [tensor, shard] : weight_map->items()) {
    if (!shard.is_string() || !is_plain_name(shard.get_ref<const std::string&>())) {
      throw Error(index, fmt::format("tensor '{}'", tensor),
                  "has no plain file name for its shard");
    }
    shards[shard.get<std::string>()].push_back(tensor);
    if (shards.size() > kMostShards) {
      throw Error(index, fmt::format("names more than {} shards", kMostShards));
    }
  }
  return shards;
}

}  // namespace normscope

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "files/json_file.h"
#include "hub/names.h"
#include "hub/repository.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

constexpr const char* config_name = "config.json";
constexpr const char* weights_name = "model.safetensors";
constexpr const char* index_name = "model.safetensors.index.json";
constexpr std::size_t most_shards = 1000;
constexpr int all_attempts = 5;

// The weight files that the index of a large model names.
std::set<std::string> shards_of(const fs::path& index) {
  const nlohmann::json json = read_json_object(index);
  const auto weight_map = json.find("weight_map");
  if (weight_map == json.end() || !weight_map->is_object()) {
    throw Error(index, "weight_map", "is not an object that names the file of each tensor");
  }
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : weight_map->items()) {
    if (!shard.is_string() || !is_safe_path(shard.get<std::string>()) ||
        shard.get<std::string>().find('/') != std::string::npos) {
      throw Error(index, fmt::format("tensor '{}'", tensor),
                  "has no plain file name for its shard");
    }
    shards.insert(shard.get<std::string>());
  }
  if (shards.size() > most_shards) {
    throw Error(index, fmt::format("names more than {} shards", most_shards));
  }
  return shards;
}

// Whether a model can be loaded from what is in the cache.
bool is_complete(const RepositoryCache& cache, const std::string& commit) {
  const auto has = [&](const std::string& file) { return cache.find(commit, file).has_value(); };
  if (!has(config_name) || (!has("tokenizer.json") && !has("vocab.txt"))) return false;
  if (has(weights_name)) return true;
  const auto index = cache.find(commit, index_name);
  if (!index) return false;
  const std::set<std::string> shards = shards_of(*index);
  return std::all_of(shards.begin(), shards.end(), has);
}

void fetch_tokenizer(Repository& repository, const std::string& name, const std::string& commit) {
  const bool whole = repository.fetch_if_there("tokenizer.json", commit).has_value();
  // All that is there, since a model's hash is one over all of the tokenizer's files.
  const bool vocabulary = repository.fetch_if_there("vocab.txt", commit).has_value();
  for (const char* const file :
       {"tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"}) {
    repository.fetch_if_there(file, commit);
  }
  if (!whole && !vocabulary) throw Error(name, "has neither tokenizer.json nor vocab.txt");
}

void fetch_weights(Repository& repository, const std::string& name, const std::string& commit) {
  if (repository.fetch_if_there(weights_name, commit)) return;
  const auto index = repository.fetch_if_there(index_name, commit);
  if (!index) {
    throw Error(name, fmt::format("has neither {} nor {}; weights are read from safetensors only",
                                  weights_name, index_name));
  }
  for (const std::string& shard : shards_of(*index)) repository.fetch(shard, commit);
}

}  // namespace

fs::path fetch_model(const ModelReference& reference, const HubOptions& options,
                     const HubListener& listener) {
  const std::string& name = reference.repository;
  Repository repository(RepositoryKind::model, name, options, listener);
  const RepositoryCache& cache = repository.cache();
  const std::optional<std::string> known = cache.commit(reference.revision);
  const bool here = known && is_complete(cache, *known);
  if (here && (options.offline || is_commit(reference.revision))) return cache.snapshot(*known);
  if (options.offline) {
    throw Error(name, fmt::format("revision {}", reference.revision),
                fmt::format("is not in the cache ({}), and HF_HUB_OFFLINE forbids to ask the hub",
                            options.cache.string()));
  }
  RemoteFile config;
  try {
    config = repository.locate(config_name, reference.revision, here ? 1 : all_attempts);
  } catch (const HubError& error) {
    const bool final =
        error.kind() == HubError::Kind::missing || error.kind() == HubError::Kind::missing_entry;
    if (final || !here) throw;
    if (listener.notice) listener.notice(fmt::format("{}; the cache's copy is used", error.what()));
    return cache.snapshot(*known);
  }
  repository.fetch(config);
  fetch_tokenizer(repository, name, config.commit);
  fetch_weights(repository, name, config.commit);
  return cache.snapshot(config.commit);
}

}  // namespace normscope

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "hub/names.h"
#include "hub/repository.h"
#include "model/model_files.h"
#include "model/shard_index.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

// Whether a model can be loaded from what is in the cache.
bool is_complete(const RepositoryCache& cache, const std::string& commit) {
  const auto has = [&](const std::string& file) { return cache.find(commit, file).has_value(); };
  if (!has(kConfigFile) || (!has(kTokenizerFile) && !has(kVocabularyFile))) return false;
  for (const WeightLayout& layout : kWeightLayouts) {
    if (has(layout.whole)) return true;
    const auto index = cache.find(commit, layout.index);
    if (!index) continue;
    const auto shards = read_shard_index(*index);
    return std::ranges::all_of(shards, [&](const auto& shard) { return has(shard.first); });
  }
  return false;
}

void fetch_tokenizer(Repository& repository, const std::string& name, const std::string& commit) {
  // All that is there, since a model's hash is one over all of the tokenizer's files.
  bool enough = false;
  for (const std::string_view file : kTokenizerFiles) {
    const bool there = repository.fetch_if_there(std::string(file), commit).has_value();
    enough = enough || (there && (file == kTokenizerFile || file == kVocabularyFile));
  }
  if (!enough) {
    throw Error(name, fmt::format("has neither {} nor {}", kTokenizerFile, kVocabularyFile));
  }
}

void fetch_weights(Repository& repository, const std::string& name, const std::string& commit) {
  for (const WeightLayout& layout : kWeightLayouts) {
    if (repository.fetch_if_there(layout.whole, commit)) return;
    const auto index = repository.fetch_if_there(layout.index, commit);
    if (!index) continue;
    for (const auto& [shard, tensors] : read_shard_index(*index)) repository.fetch(shard, commit);
    return;
  }
  throw Error(name, kNoWeights);
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
    config = repository.locate(kConfigFile, reference.revision, here ? 1 : kMostAttempts);
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

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/names.h"
#include "hub/repository.h"
#include "model/model_files.h"
#include "model/modules.h"
#include "model/shard_index.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

// Where a model's encoder is in the cache, as far as this machine knows.
Module encoder_in(const RepositoryCache& cache, const std::string& commit) {
  return cache.find(commit, kModulesFile) ? encoder_of(read_modules(cache.snapshot(commit)))
                                          : Module{};
}

// Whether a model can be loaded from the files in the cache.
bool is_complete(const RepositoryCache& cache, const std::string& commit) {
  const Module encoder = encoder_in(cache, commit);
  const auto has = [&](const std::string& file) {
    return cache.find(commit, encoder.file(file)).has_value();
  };
  if (!has(kConfigFile) || std::ranges::none_of(kVocabularyFiles, has)) return false;
  for (const WeightLayout& layout : kWeightLayouts) {
    if (has(layout.whole)) return true;
    const auto index = cache.find(commit, encoder.file(layout.index));
    if (!index) continue;
    const auto shards = read_shard_index(*index);
    return std::ranges::all_of(shards, [&](const auto& shard) { return has(shard.first); });
  }
  return false;
}

// Whether the cache holds all that sentence-transformers needs for the model. A module's
// config.json is downloaded last.
bool has_modules(const RepositoryCache& cache, const std::string& commit) {
  if (!cache.find(commit, kModulesFile)) return cache.is_known_missing(commit, kModulesFile);
  return std::ranges::all_of(read_modules(cache.snapshot(commit)), [&](const Module& module) {
    const std::string config = module.file(kConfigFile);
    return cache.find(commit, config) || cache.is_known_missing(commit, config);
  });
}

void fetch_tokenizer(Repository& repository, const std::string& name, const std::string& commit,
                     const Module& encoder) {
  // All of the tokenizer's files that exist, because a model's hash covers them all.
  bool enough = false;
  for (const std::string_view file : kTokenizerFiles) {
    const bool there = repository.fetch_if_there(encoder.file(file), commit).has_value();
    enough = enough || (there && std::find(kVocabularyFiles.begin(), kVocabularyFiles.end(),
                                           file) != kVocabularyFiles.end());
  }
  if (!enough) {
    throw Error(name, fmt::format("has none of {}", fmt::join(kVocabularyFiles, ", ")));
  }
}

// A file that tells the revision's commit: config.json, or modules.json if the encoder's files are
// in a folder of their own.
RemoteFile locate_model(Repository& repository, const std::string& revision, int attempts) {
  std::exception_ptr without_config;
  try {
    return repository.locate(kConfigFile, revision, attempts);
  } catch (const HubError& error) {
    if (error.kind() != HubError::Kind::missing_entry) throw;
    without_config = std::current_exception();
  }
  try {
    return repository.locate(kModulesFile, revision, attempts);
  } catch (const HubError&) {
    std::rethrow_exception(without_config);
  }
}

// Whether the module has weights.
bool fetch_weights(Repository& repository, const std::string& commit, const Module& module) {
  for (const WeightLayout& layout : kWeightLayouts) {
    if (repository.fetch_if_there(module.file(layout.whole), commit)) return true;
    const auto index = repository.fetch_if_there(module.file(layout.index), commit);
    if (!index) continue;
    for (const auto& [shard, tensors] : read_shard_index(*index)) {
      repository.fetch(module.file(shard), commit);
    }
    return true;
  }
  return false;
}

// The files that a model's own readout and its prompts need.
void fetch_modules(Repository& repository, const std::string& commit,
                   const std::vector<Module>& modules, const Module& encoder) {
  repository.fetch_if_there(kPromptsFile, commit);
  for (const char* const file : kSentenceFiles) {
    if (repository.fetch_if_there(encoder.file(file), commit)) break;
  }
  for (const Module& module : modules) {
    if (module.path == encoder.path) continue;
    const std::string_view name = module.name();
    if (name == "Dense" || name == "LayerNorm") fetch_weights(repository, commit, module);
    repository.fetch_if_there(module.file(kConfigFile), commit);
  }
}

}  // namespace

fs::path fetch_model(const ModelReference& reference, const HubOptions& options,
                     const HubListener& listener) {
  const std::string& name = reference.repository;
  Repository repository(RepositoryKind::model, name, options, listener);
  const RepositoryCache& cache = repository.cache();
  const std::optional<std::string> known = cache.commit(reference.revision);
  const bool here = known && is_complete(cache, *known);
  const bool here_for_good = here && is_commit(reference.revision) && has_modules(cache, *known);
  if (here_for_good || (here && options.offline)) return cache.snapshot(*known);
  if (options.offline) {
    throw Error(name, fmt::format("revision {}", reference.revision),
                fmt::format("is not in the cache ({}), and HF_HUB_OFFLINE forbids to ask the hub",
                            options.cache.string()));
  }
  RemoteFile first;
  try {
    first = locate_model(repository, reference.revision, here ? 1 : kMostAttempts);
  } catch (const HubError& error) {
    const bool final =
        error.kind() == HubError::Kind::missing || error.kind() == HubError::Kind::missing_entry;
    if (final || !here) throw;
    if (listener.notice) listener.notice(fmt::format("{}; the cache's copy is used", error.what()));
    return cache.snapshot(*known);
  }
  const std::string& commit = first.commit;
  repository.fetch(first);
  repository.fetch_if_there(kModulesFile, commit);
  const std::vector<Module> modules = read_modules(cache.snapshot(commit));
  const Module encoder = encoder_of(modules);
  repository.fetch(encoder.file(kConfigFile), commit);
  repository.fetch_if_there(encoder.file(kAdapterFile), commit);
  fetch_tokenizer(repository, name, commit, encoder);
  if (!fetch_weights(repository, commit, encoder)) throw Error(name, kNoWeights);
  if (!modules.empty()) fetch_modules(repository, commit, modules, encoder);
  return cache.snapshot(commit);
}

}  // namespace normscope

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/hub_listener.h"

/// Names of models and corpora, as users give them, and the local files that they stand for.
namespace normscope {

/// The model and the corpus that are taken where the user names none.
inline constexpr const char* kDefaultModel = "all-MiniLM-L6-v2";
inline constexpr const char* kDefaultCorpus = "austen";

struct ResolvedModel {
  std::filesystem::path folder = {};
  /// For titles and the names of folders.
  std::string name = {};
};

/// A model's folder: an existing folder as it is, else that of a built-in name in the cache, else
/// that of a model on the hub, which is downloaded where the hub's cache lacks it. Throws Error,
/// which says what was tried.
ResolvedModel resolve_model(const std::string& name_or_folder, const HubListener& listener = {});

struct ResolvedCorpus {
  /// Where it is, or what it holds.
  CorpusInput input = {};
  CorpusOptions options = {};
  /// For titles and the names of folders.
  std::string name = {};
};

/// An existing file or folder, a pattern, or "-" as it is; a built-in name's folder in the cache,
/// which is always prose; or the Parquet files of a dataset on the hub ("hf:…"), which are
/// downloaded where the hub's cache lacks them. Throws Error.
ResolvedCorpus resolve_corpus(const std::string& name_or_path, CorpusOptions options = {},
                              const HubListener& listener = {});

/// A model or a corpus that the project's own scripts fetch.
struct BuiltIn {
  std::string name = {};
  /// None where it is not in the cache.
  std::optional<std::uint64_t> bytes = {};
};
std::vector<BuiltIn> built_in_models();
std::vector<BuiltIn> built_in_corpora();

}  // namespace normscope

// Names of models and corpora, as users give them, and the local files that they stand for.
//
//     const normscope::ResolvedModel model = normscope::resolve_model("all-MiniLM-L6-v2");
//     const normscope::ResolvedCorpus corpus = normscope::resolve_corpus("austen");
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/export.h"
#include "normscope/hub_listener.h"

namespace normscope {

/// The model and the corpus that are taken if the user names none.
inline constexpr const char* kDefaultModel = "all-MiniLM-L6-v2";
inline constexpr const char* kDefaultCorpus = "austen";

struct ResolvedModel {
  std::filesystem::path folder = {};
  /// For titles and the names of folders.
  std::string name = {};
};

/// A model's folder: an existing folder unchanged, else that of a built-in model in the cache, else
/// that of a model on the hub, which is downloaded if the hub's cache lacks it. Throws Error, which
/// says what was tried.
NORMSCOPE_EXPORT ResolvedModel resolve_model(const std::string& name_or_folder,
                                             const HubListener& listener = {});

struct ResolvedCorpus {
  /// Where it is, or what it holds.
  CorpusInput input = {};
  CorpusOptions options = {};
  /// For titles and the names of folders.
  std::string name = {};
};

/// An existing file or folder, a pattern, or "-" unchanged; the folder of a built-in corpus in the
/// cache, which is always prose; or the Parquet files of a dataset on the hub ("hf:…"), which are
/// downloaded if the hub's cache lacks them. Throws Error.
NORMSCOPE_EXPORT ResolvedCorpus resolve_corpus(const std::string& name_or_path,
                                               CorpusOptions options = {},
                                               const HubListener& listener = {});

/// A model or a corpus that the project's own scripts fetch.
struct BuiltIn {
  std::string name = {};
  /// Absent if it is not in the cache.
  std::optional<std::uint64_t> bytes = {};
};
NORMSCOPE_EXPORT std::vector<BuiltIn> built_in_models();
NORMSCOPE_EXPORT std::vector<BuiltIn> built_in_corpora();

}  // namespace normscope

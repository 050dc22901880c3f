#pragma once

#include <filesystem>
#include <string>

#include "normscope/corpus.h"

namespace normscope::cli {

/// The model and the corpus that are taken where the user names none.
inline constexpr const char* kDefaultModel = "all-MiniLM-L6-v2";
inline constexpr const char* kDefaultCorpus = "austen";

/// The folder of a model: an existing folder as it is, or a built-in name's folder in the cache.
/// Throws Error.
std::filesystem::path resolve_model(const std::string& name_or_folder);

/// The last part of a path, that of the folder where it ends in a slash.
std::string last_part(const std::filesystem::path& path);

struct ResolvedCorpus {
  /// As SentenceReader takes it.
  std::string path;
  CorpusOptions options;
  /// For titles and folder names.
  std::string name;
};

/// An existing file or folder, a pattern, or "-" as it is, or a built-in name's folder in the
/// cache, which is always prose. Throws Error.
ResolvedCorpus resolve_corpus(const std::string& name_or_path, CorpusOptions options);

}  // namespace normscope::cli

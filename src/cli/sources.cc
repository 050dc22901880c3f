#include "cli/sources.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "corpus/corpus_files.h"
#include "corpus/format.h"
#include "files/cache_folder.h"
#include "normscope/error.h"

namespace normscope::cli {
namespace {

constexpr std::array<std::string_view, 1> kModels = {kDefaultModel};
constexpr std::array<std::string_view, 3> kCorpora = {kDefaultCorpus, "moby-dick", "anarchist-faq"};

template <typename Names>
std::filesystem::path in_cache(const Names& names, const char* kind, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw Error(name, "no such file or folder, nor a built-in name");
  }
  auto folder = cache_folder() / kind / name;
  if (!std::filesystem::is_directory(folder)) {
    throw Error(name, "not in the cache yet (" + folder.string() +
                          "); ./quickstart or scripts/fetch-data puts it there");
  }
  return folder;
}

}  // namespace

std::string last_part(const std::filesystem::path& path) {
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

std::filesystem::path resolve_model(const std::string& name_or_folder) {
  std::error_code ignored;
  if (std::filesystem::exists(name_or_folder, ignored)) return name_or_folder;
  return in_cache(kModels, "models", name_or_folder);
}

ResolvedCorpus resolve_corpus(const std::string& name_or_path, CorpusOptions options) {
  const auto resolved = [&](std::string path, std::string name) {
    return ResolvedCorpus{
        .path = std::move(path), .options = std::move(options), .name = std::move(name)};
  };
  if (name_or_path == "-") return resolved("-", "stdin");
  std::error_code ignored;
  if (std::filesystem::is_directory(name_or_path, ignored)) {
    return resolved(name_or_path, last_part(name_or_path));
  }
  if (std::filesystem::exists(name_or_path, ignored)) {
    const std::filesystem::path name = without_compression(last_part(name_or_path));
    return resolved(name_or_path, name.stem());
  }
  if (const std::size_t wildcard = first_wildcard(name_or_path); wildcard != std::string::npos) {
    const std::size_t slash = name_or_path.rfind('/', wildcard);
    const bool here = slash == std::string::npos;
    return resolved(name_or_path, last_part(here ? "." : name_or_path.substr(0, slash + 1)));
  }
  options.prose = true;
  return resolved(in_cache(kCorpora, "corpora", name_or_path), name_or_path);
}

}  // namespace normscope::cli

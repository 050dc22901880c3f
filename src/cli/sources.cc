#include "cli/sources.h"

#include <algorithm>
#include <array>
#include <string_view>

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

ResolvedCorpus resolve_corpus(const std::string& name_or_path, bool prose) {
  if (name_or_path == "-") return {.path = "-", .options = {.prose = prose}, .name = "stdin"};
  std::error_code ignored;
  if (std::filesystem::exists(name_or_path, ignored)) {
    const std::filesystem::path name = last_part(name_or_path);
    const bool folder = std::filesystem::is_directory(name_or_path, ignored);
    return {.path = name_or_path,
            .options = {.prose = prose},
            .name = (folder ? name : name.stem()).string()};
  }
  return {.path = in_cache(kCorpora, "corpora", name_or_path),
          .options = {.prose = true},
          .name = name_or_path};
}

}  // namespace normscope::cli

#include "corpus/corpus_files.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "normscope/error.h"

namespace normscope {
namespace fs = std::filesystem;

namespace {

std::vector<std::string> matches_of(const std::string& pattern) {
  struct Glob : glob_t {
    ~Glob() { ::globfree(this); }
  } found{};
  const int code = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  if (code == GLOB_NOMATCH) throw Error(pattern, "matches no file");
  if (code != 0) throw Error(pattern, "cannot be matched: out of memory");
  std::vector<std::string> matches(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  std::ranges::sort(matches, std::greater<>());
  return matches;
}

}  // namespace

CorpusFiles::CorpusFiles(const std::string& source, const std::vector<std::string>& chosen) {
  std::error_code ignored;
  const std::size_t wildcard = first_wildcard(source);
  if (source != "-" && fs::is_directory(source, ignored)) {
    base_ = source.ends_with('/') ? source : source + '/';
    for (const std::string& file : chosen) matches_.push_back(base_ + file);
    std::ranges::reverse(matches_);
    if (chosen.empty()) matches_ = {source};
  } else if (wildcard == std::string::npos || fs::exists(fs::symlink_status(source, ignored))) {
    matches_ = {source};
    single_ = true;
  } else {
    const std::size_t slash = source.rfind('/', wildcard);
    if (slash != std::string::npos) base_ = source.substr(0, slash + 1);
    matches_ = matches_of(source);
  }
}

std::optional<CorpusFiles::File> CorpusFiles::next() {
  for (;;) {
    std::string path;
    if (walk_) {
      const auto relative = walk_->next();
      if (!relative) {
        walk_.reset();
        continue;
      }
      path = fs::path(folder_) / *relative;
    } else {
      if (matches_.empty()) return std::nullopt;
      path = std::move(matches_.back());
      matches_.pop_back();
      std::error_code ignored;
      if (!single_ && fs::is_directory(path, ignored)) {
        walk_.emplace(path);
        folder_ = std::move(path);
        continue;
      }
    }
    std::string name = path.substr(base_.size());
    return File{.path = std::move(path), .name = std::move(name)};
  }
}

}  // namespace normscope

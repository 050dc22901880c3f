#include "corpus/folder_walk.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "normscope/error.h"

namespace normscope {
namespace fs = std::filesystem;

FolderWalk::FolderWalk(std::string folder) : folder_(std::move(folder)) { list(""); }

std::optional<std::string> FolderWalk::next() {
  while (!pending_.empty()) {
    std::string path = std::move(pending_.back());
    pending_.pop_back();
    if (!path.ends_with('/')) return path;
    list(path);
  }
  return std::nullopt;
}

void FolderWalk::list(const std::string& relative) {
  const auto first = static_cast<std::ptrdiff_t>(pending_.size());
  const fs::path parent = fs::path(folder_) / relative;
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string path = relative + entry->path().filename().string();
    if (entry->path().filename().string().starts_with('.')) continue;
    const bool link = entry->is_symlink(error);
    if (error) break;
    std::error_code dangling;
    const fs::file_type type = entry->status(dangling).type();
    if (type == fs::file_type::directory) {
      if (!link) pending_.push_back(path + '/');
    } else if (type == fs::file_type::regular || dangling || type == fs::file_type::not_found) {
      // An entry that cannot be examined is kept, so that the reader reports it: nothing is dropped
      // silently.
      pending_.push_back(std::move(path));
    }
  }
  if (error) throw Error(parent, error.message());
  // With its '/', a folder sorts to where the paths in it belong: "a-b" < "a/b" < "ab".
  std::sort(pending_.begin() + first, pending_.end(), std::greater<>());
}

}  // namespace normscope

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace normscope {

/// The files below a folder, recursively, in byte order of their relative paths. Hidden files and
/// folders (".name") are left out, and so is what is no regular file. A symbolic link to a file is
/// that file; one to a folder is not followed, so that no loop can form.
class FolderWalk {
 public:
  /// Throws Error when the folder cannot be listed.
  explicit FolderWalk(std::string folder);

  /// The next file's path relative to the folder; nothing at the end. Throws Error.
  std::optional<std::string> next();

 private:
  /// Pushes what is in `relative` ("" or a path that ends in '/') on the stack.
  void list(const std::string& relative);

  std::string folder_;
  /// Relative paths still to visit, the next one last; a folder ends in '/'. One folder's listing
  /// for each level is all that is in memory.
  std::vector<std::string> pending_;
};

}  // namespace normscope

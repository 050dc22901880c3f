#pragma once

#include <optional>
#include <string>
#include <vector>

namespace normscope {

/// The files below a folder, recursively, in byte order of their relative paths. Hidden files and
/// folders (".name") and anything but regular files are left out. A symbolic link to a file counts
/// as that file; one to a folder is not followed, so that there are no loops.
class FolderWalk {
 public:
  /// Throws Error when the folder cannot be listed.
  explicit FolderWalk(std::string folder);

  /// The next file's path relative to the folder; nothing at the end. Throws Error.
  std::optional<std::string> next();

 private:
  /// Pushes the entries of `relative` ("" or a path that ends in '/') onto the stack.
  void list(const std::string& relative);

  std::string folder_;
  /// Relative paths still to visit, the next one last; a folder ends in '/'. Only one folder's
  /// listing per level is in memory.
  std::vector<std::string> pending_;
};

}  // namespace normscope

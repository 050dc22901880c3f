#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpus/folder_walk.h"

namespace normscope {

/// Where the first wildcard of a pattern stands; std::string::npos if there is none.
inline std::size_t first_wildcard(const std::string& source) { return source.find_first_of("*?["); }

/// The files that a corpus is made of: one, those below a folder (folder_walk.h), or those that a
/// pattern with `*`, `?` or `[…]` matches (a folder that it matches stands for the files below it).
/// A path that exists is never read as a pattern. It is possible to ask for certain files of a
/// folder only.
class CorpusFiles {
 public:
  /// `chosen`: relative paths of the files of the folder `source`, in the order to read them in;
  /// empty: all. Throws Error if nothing matches.
  explicit CorpusFiles(const std::string& source, const std::vector<std::string>& chosen = {});

  struct File {
    /// The path to open it by.
    std::string path;
    /// Its path relative to the folder, or to the folders of the pattern before the first wildcard.
    std::string name;
  };

  /// The next one in byte order; nothing at the end. Throws Error if a folder cannot be listed.
  std::optional<File> next();

  /// Whether the source names a single file, which is then read in any case.
  [[nodiscard]] bool single() const { return single_; }

 private:
  bool single_ = false;
  /// The folder that the names are relative to, with a '/' at its end.
  std::string base_;
  /// Files and folders, the next one last.
  std::vector<std::string> matches_;
  /// The current folder and its files.
  std::string folder_;
  std::optional<FolderWalk> walk_;
};

}  // namespace normscope

#pragma once

#include <filesystem>
#include <optional>

#include "base/folder_lock.h"

namespace normscope {

/// The folder that a comparison is written into. While the object lives, no other comparison and no
/// run can write there.
class ComparisonFolder {
 public:
  /// Creates the folder if it is missing. A comparison that is there already is removed if
  /// `overwrite` is set, and refused otherwise. Throws Error, having changed nothing, if it is
  /// refused, the folder is in use, or it holds somebody else's file under a name that a comparison
  /// uses.
  ComparisonFolder(std::filesystem::path folder, bool overwrite);
  /// Removes the folder if it created it and nothing was written.
  ~ComparisonFolder();
  ComparisonFolder(const ComparisonFolder&) = delete;
  ComparisonFolder& operator=(const ComparisonFolder&) = delete;

 private:
  void claim(bool overwrite) const;

  std::filesystem::path path_;
  bool made_ = false;
  std::optional<FolderLock> lock_;
};

}  // namespace normscope

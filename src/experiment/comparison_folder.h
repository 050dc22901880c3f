#pragma once

#include <filesystem>
#include <optional>

#include "base/folder_lock.h"

namespace normscope {

/// The folder that a comparison is written into. While it lives, no other comparison and no run can
/// write there.
class ComparisonFolder {
 public:
  /// Makes the folder where it is missing. A comparison that is there already is removed where
  /// `overwrite` is set, and refused otherwise. Throws Error, having changed nothing, where it is
  /// refused, the folder is in use, or it holds a file of somebody else's under a name that a
  /// comparison has.
  ComparisonFolder(std::filesystem::path folder, bool overwrite);
  /// Takes the folder away where it made it and nothing was written.
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

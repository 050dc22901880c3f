#pragma once

#include <filesystem>

namespace normscope {

/// Holds a flock(2) on a file for as long as it lives, and never waits for one. The file names its
/// holder for the message that others get. On a file system without locks, it does nothing.
class FolderLock {
 public:
  /// Shared locks exclude exclusive ones, and not each other.
  enum class Mode { shared, exclusive };

  /// Creates the file if it is missing. Throws Error that names the holder if the lock is taken;
  /// its file() is `folder`, which is what the lock protects.
  FolderLock(const std::filesystem::path& folder, const std::filesystem::path& file, Mode mode);
  /// The last holder removes the file.
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
  bool locked_ = false;
};

}  // namespace normscope

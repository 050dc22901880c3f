#pragma once

#include <filesystem>

namespace normscope {

/// Holds a flock(2) on a file for as long as it lives, and never waits for one. The file names its
/// holder for the message that others get. Where the file system has no locks there is none.
class FolderLock {
 public:
  /// Shared locks exclude exclusive ones, and not each other.
  enum class Mode { shared, exclusive };

  /// Makes the file where it is missing. Throws Error that names the holder where the lock is
  /// taken; its file() is `folder`, which is what the lock stands for.
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

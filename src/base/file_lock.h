#pragma once

#include <filesystem>

namespace normscope {

/// Whether a path still leads to the file that is open. The last holder of a lock may have removed
/// the file meanwhile (as some versions of filelock do); a lock on it then keeps nobody out.
bool is_still_at(int descriptor, const std::filesystem::path& path);

/// Holds an exclusive flock(2) on a file, which is created if it is missing, as Python's filelock
/// does. The file stays when the lock is released. On a file system without locks, it does nothing.
class FileLock {
 public:
  /// Waits for the current holder. Throws Error.
  explicit FileLock(const std::filesystem::path& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  int descriptor_ = -1;
};

}  // namespace normscope

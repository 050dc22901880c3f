#pragma once

#include <filesystem>

namespace normscope {

/// Whether a path still leads to the file that is open. Whoever held a lock on it last may have
/// removed it meanwhile (some versions of filelock do): a lock on it then keeps nobody out.
bool is_still_at(int descriptor, const std::filesystem::path& path);

/// Holds an exclusive flock(2) on a file, made where it is missing, as Python's filelock does. The
/// file stays when the lock goes. Where the file system knows no locks there is none.
class FileLock {
 public:
  /// Waits for who holds it now. Throws Error.
  explicit FileLock(const std::filesystem::path& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  int descriptor_ = -1;
};

}  // namespace normscope

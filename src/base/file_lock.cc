#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "normscope/error.h"

namespace normscope {

bool is_still_at(int descriptor, const std::filesystem::path& path) {
  struct stat locked {};
  struct stat named {};
  return ::fstat(descriptor, &locked) == 0 && ::stat(path.c_str(), &named) == 0 &&
         locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}
FileLock::FileLock(const std::filesystem::path& path) {
  for (;;) {
    // Writable for the group, so that users who share a cache wait for each other.
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0664);
    if (descriptor_ < 0) throw Error(path, std::strerror(errno));
    int status = 0;
    do {
      status = ::flock(descriptor_, LOCK_EX);
    } while (status != 0 && errno == EINTR);
    if (status != 0 && (errno == ENOSYS || errno == EOPNOTSUPP || errno == ENOLCK)) return;
    if (status != 0) {
      const int error = errno;
      ::close(descriptor_);
      throw Error(path, std::strerror(error));
    }
    if (is_still_at(descriptor_, path)) return;
    ::close(descriptor_);
  }
}

FileLock::~FileLock() { ::close(descriptor_); }

}  // namespace normscope

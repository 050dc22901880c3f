#include "experiment/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "normscope/error.h"

namespace normscope {
namespace {

/// Whoever held the file last may have removed it meanwhile: a lock on it keeps nobody out.
bool is_still_at(int descriptor, const std::filesystem::path& path) {
  struct stat locked {};
  struct stat named {};
  return ::fstat(descriptor, &locked) == 0 && ::stat(path.c_str(), &named) == 0 &&
         locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

int try_lock(int descriptor, int mode) {
  int status = 0;
  do {
    status = ::flock(descriptor, mode | LOCK_NB);
  } while (status != 0 && errno == EINTR);
  return status == 0 ? 0 : errno;
}

std::string this_process() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("process {} on {}", ::getpid(), host.data());
}

/// What the holder has written, as far as it can be printed.
std::string holder(int descriptor) {
  std::array<char, 300> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "another process";
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, const std::filesystem::path& file,
                       Mode mode)
    : file_(file) {
  for (;;) {
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0664);
    if (descriptor_ < 0) {
      throw Error(folder, fmt::format("cannot be locked: {}", std::strerror(errno)));
    }
    const int error = try_lock(descriptor_, mode == Mode::shared ? LOCK_SH : LOCK_EX);
    if (error == ENOSYS || error == EOPNOTSUPP || error == ENOLCK) return;
    if (error != 0) {
      const std::string who = holder(descriptor_);
      ::close(descriptor_);
      if (error != EWOULDBLOCK) {
        throw Error(folder, fmt::format("cannot be locked: {}", std::strerror(error)));
      }
      throw Error(folder, fmt::format("is in use by another run ({})", who));
    }
    if (is_still_at(descriptor_, file)) break;
    ::close(descriptor_);
  }
  locked_ = true;
  const std::string self = this_process();
  // Only a hint for others: that it cannot be written harms nothing.
  [[maybe_unused]] const bool hinted =
      ::ftruncate(descriptor_, 0) == 0 &&
      ::pwrite(descriptor_, self.data(), self.size(), 0) == static_cast<ssize_t>(self.size());
}

FolderLock::~FolderLock() {
  if (locked_ && try_lock(descriptor_, LOCK_EX) == 0 && is_still_at(descriptor_, file_)) {
    ::unlink(file_.c_str());
  }
  ::close(descriptor_);
}

}  // namespace normscope

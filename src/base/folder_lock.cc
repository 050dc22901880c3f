#include "base/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

#include "base/file_lock.h"
#include "normscope/error.h"

namespace normscope {
namespace {

int try_lock(int descriptor, int mode) {
  int status = 0;
  do {
    status = ::flock(descriptor, mode | LOCK_NB);
  } while (status != 0 && errno == EINTR);
  return status == 0 ? 0 : errno;
}

/// A holder that ends asks for an exclusive lock for a moment, to remove the file.
int try_shared_lock(int descriptor) {
  constexpr int kAttempts = 20;
  int error = try_lock(descriptor, LOCK_SH);
  for (int i = 0; i < kAttempts && error == EWOULDBLOCK; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    error = try_lock(descriptor, LOCK_SH);
  }
  return error;
}

constexpr std::string_view kHolder = "process ";

std::string this_process() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("{}{} on {}", kHolder, ::getpid(), host.data());
}

/// The content of the file, no more than a holder would have written.
std::string content(int descriptor) {
  std::array<char, 300> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, const std::filesystem::path& file,
                       Mode mode)
    : file_(file) {
  for (;;) {
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0664);
    if (descriptor_ < 0) {
      throw Error(folder, fmt::format("cannot be locked: {}", std::strerror(errno)));
    }
    const int error =
        mode == Mode::shared ? try_shared_lock(descriptor_) : try_lock(descriptor_, LOCK_EX);
    if (error == ENOSYS || error == EOPNOTSUPP || error == ENOLCK) return;
    if (error != 0) {
      std::string who = content(descriptor_);
      if (who.empty()) who = "another process";
      ::close(descriptor_);
      if (error != EWOULDBLOCK) {
        throw Error(folder, fmt::format("cannot be locked: {}", std::strerror(error)));
      }
      throw Error(folder, fmt::format("is in use by another run ({})", who));
    }
    if (is_still_at(descriptor_, file)) break;
    ::close(descriptor_);
  }
  if (const std::string text = content(descriptor_); !text.empty() && !text.starts_with(kHolder)) {
    ::close(descriptor_);
    throw Error(file, "is there already, and normscope did not write it");
  }
  locked_ = true;
  const std::string self = this_process();
  // Only a hint for others: it does no harm if it cannot be written.
  [[maybe_unused]] const bool hinted =
      ::ftruncate(descriptor_, 0) == 0 &&
      ::pwrite(descriptor_, self.data(), self.size(), 0) == static_cast<ssize_t>(self.size());
}

FolderLock::~FolderLock() {
  if (!locked_ || (try_lock(descriptor_, LOCK_EX) == 0 && is_still_at(descriptor_, file_))) {
    ::unlink(file_.c_str());
  }
  ::close(descriptor_);
}

}  // namespace normscope

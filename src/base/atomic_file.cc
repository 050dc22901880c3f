#include "base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

#include "normscope/error.h"

namespace normscope {
namespace {

// A full disk may be noticed only here, when the pages are written.
void sync_file(const std::filesystem::path& aside, const std::filesystem::path& path) {
  const int descriptor = ::open(aside.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw Error(path, std::strerror(errno));
  const int status = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (status != 0 && error != EINVAL && error != EROFS) throw Error(path, std::strerror(error));
}

}  // namespace

void write_atomically(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path&)>& write) {
  // The extension stays last, because gnuplot and readers of the temporary file may look at it.
  const auto aside = path.parent_path() / fmt::format(".{}.{}.partial{}", path.stem().string(),
                                                      ::getpid(), path.extension().string());
  try {
    write(aside);
    sync_file(aside, path);
    std::filesystem::rename(aside, path);
  } catch (const std::filesystem::filesystem_error& error) {
    std::error_code ignored;
    std::filesystem::remove(aside, ignored);
    throw Error(path, error.code().message());
  } catch (const Error& error) {
    std::error_code ignored;
    std::filesystem::remove(aside, ignored);
    if (error.file() == aside.string()) throw Error(path, error.place(), error.reason());
    throw;
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(aside, ignored);
    throw;
  }
}

void write_atomically(const std::filesystem::path& path, std::string_view content) {
  write_atomically(path, [&](const std::filesystem::path& aside) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(aside.c_str(), "wb"),
                                                         &std::fclose);
    if (!file) throw Error(path, std::strerror(errno));
    const bool written =
        std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
    const int error = errno;
    if (!written) throw Error(path, std::strerror(error));
    if (std::fclose(file.release()) != 0) throw Error(path, std::strerror(errno));
  });
}

}  // namespace normscope

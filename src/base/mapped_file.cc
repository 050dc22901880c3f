#include "base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "normscope/error.h"

namespace normscope {
namespace {

// A mapping that a signal handler can read: without locks, without allocating memory.
struct LiveMapping {
  static constexpr std::uintptr_t kFree = 0;
  static constexpr std::uintptr_t kTaken = 1;

  std::atomic<std::uintptr_t> begin = kFree;
  std::size_t size = 0;
  std::array<char, 256> path = {};
};
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free);

constinit std::array<LiveMapping, 64> live_mappings;

void enlist(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  for (LiveMapping& mapping : live_mappings) {
    std::uintptr_t expected = LiveMapping::kFree;
    if (!mapping.begin.compare_exchange_strong(expected, LiveMapping::kTaken)) continue;
    mapping.size = bytes.size();
    mapping.path = {};
    path.native().copy(mapping.path.data(), mapping.path.size() - 1);
    mapping.begin = reinterpret_cast<std::uintptr_t>(bytes.data());
    return;
  }
}

void delist(std::span<const std::byte> bytes) {
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  const auto found = std::ranges::find_if(
      live_mappings, [begin](const LiveMapping& mapping) { return mapping.begin == begin; });
  if (found != live_mappings.end()) found->begin = LiveMapping::kFree;
}

std::span<const std::byte> map(int descriptor, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw Error(path, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw Error(path, std::strerror(EISDIR));
  if (!S_ISREG(status.st_mode)) throw Error(path, "is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return {};  // mmap refuses to map nothing
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (address == MAP_FAILED) throw Error(path, std::strerror(errno));
  ::madvise(address, size, MADV_WILLNEED);  // a hint: its failure changes nothing
  return {static_cast<const std::byte*>(address), size};
}

void unmap(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  delist(bytes);
  ::munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait forever.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) throw Error(path, std::strerror(errno));
  try {
    bytes_ = map(descriptor, path);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
  if (!bytes_.empty()) enlist(bytes_, path);
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() { unmap(bytes_); }

const char* mapped_file_at(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  for (const LiveMapping& mapping : live_mappings) {
    const std::uintptr_t begin = mapping.begin;
    if (begin > LiveMapping::kTaken && at >= begin && at - begin < mapping.size) {
      return mapping.path.data();
    }
  }
  return nullptr;
}

void release_pages(std::span<const std::byte> bytes) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(bytes.data());
  // Only whole pages: the others hold bytes of a neighbour.
  const std::uintptr_t skipped = (page - first % page) % page;
  if (bytes.size() < skipped + page) return;
  const std::size_t size = (bytes.size() - skipped) / page * page;
  ::madvise(const_cast<std::byte*>(bytes.data()) + skipped, size, MADV_DONTNEED);
}

}  // namespace normscope

#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace normscope {

/// A regular file mapped read-only into memory. Its bytes stay where they are when the object is
/// moved.
class MappedFile {
 public:
  /// Throws Error, also for what is not a regular file (a folder, a pipe, a device).
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// The path of the file whose mapping holds the address, truncated if it is very long; null if
/// there is none, or more than 64 files are mapped. For signal handlers: a read beyond the end of a
/// file that has been cut short since it was mapped raises SIGBUS.
const char* mapped_file_at(const void* address) noexcept;

/// Lets the system take back the memory of bytes in a MappedFile; they are read from the file again
/// when they are needed. (In any other memory they would be lost.)
void release_pages(std::span<const std::byte> bytes);

}  // namespace normscope

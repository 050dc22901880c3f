#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "normscope/mapped_files.h"

namespace normscope {

/// A regular file mapped read-only into memory. Its bytes stay where they are when it is moved.
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

/// Lets the system take back the memory behind bytes of a MappedFile (of anything else they would
/// be lost); they are read from the file again when they are needed.
void release_pages(std::span<const std::byte> bytes);

}  // namespace normscope

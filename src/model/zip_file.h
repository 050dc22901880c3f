#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace normscope {

/// A file in a zip file.
struct ZipEntry {
  std::string name;
  std::span<const std::byte> bytes;
};

/// Whether `content` begins as a zip file does.
[[nodiscard]] bool is_zip(std::span<const std::byte> content);

/// The entries of a zip file (APPNOTE 6.3, zip64 too), in byte order of their names, as views into
/// `content`. Throws Error if one of them is compressed or encrypted, lies outside the file,
/// overlaps another one, or is there twice.
std::vector<ZipEntry> read_zip(std::span<const std::byte> content,
                               const std::filesystem::path& file);

}  // namespace normscope

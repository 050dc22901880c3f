#pragma once

#include <filesystem>
#include <system_error>

namespace normscope {

/// Whether there is a file or a folder of this name; one that cannot be examined counts as missing.
inline bool has_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace normscope

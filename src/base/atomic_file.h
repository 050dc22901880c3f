#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace normscope {

/// Makes a file whole or not at all: calls `write` with a temporary path beside `path`, then syncs
/// it and renames it into place. Removes the temporary file when `write` throws. Throws Error.
void write_atomically(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path&)>& write);

/// The same for content in memory.
void write_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace normscope

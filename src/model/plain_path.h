#pragma once

#include <string_view>

namespace normscope {

/// Whether it names a file in a folder and nothing else: no separator, no way up, no control
/// character, at most 255 bytes.
[[nodiscard]] bool is_plain_name(std::string_view name);

/// Whether it leads from a folder to something inside it: plain names with slashes between.
[[nodiscard]] bool is_plain_path(std::string_view path);

}  // namespace normscope

#pragma once

#include <string_view>

namespace normscope {

/// Whether it is a plain file name: no separator, not "..", no control character, at most 255
/// bytes.
[[nodiscard]] bool is_plain_name(std::string_view name);

/// Whether it leads from a folder to something inside it: plain names separated by slashes.
[[nodiscard]] bool is_plain_path(std::string_view path);

}  // namespace normscope

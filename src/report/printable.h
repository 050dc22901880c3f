#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace normscope {

/// `text` as one line that is safe to show: valid UTF-8 of at most `longest` characters (with an
/// ellipsis in the middle of what is longer), in which everything that is no visible character or
/// space (controls, line ends, direction marks, private and unassigned ones, bytes that are not
/// UTF-8) is U+FFFD.
std::string printable(std::string_view text, std::size_t longest);

}  // namespace normscope

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace normscope {

/// Which characters are kept; the others become U+FFFD in a terminal and "?" in a figure.
enum class Medium {
  /// All visible ones and the space: no controls, line ends, direction marks, private or unassigned
  /// ones, nor bytes that are not UTF-8.
  terminal,
  /// The Latin, Greek and Cyrillic letters and signs that any font has (for one without a glyph
  /// gnuplot 5.4 draws a box as large as the figure), without ">", which it leaves as it is in SVG,
  /// where "]]>" is an error.
  figure
};

/// `text` as one line that is safe to show: valid UTF-8 of at most `longest` characters, with an
/// ellipsis in the middle of a longer text.
std::string printable(std::string_view text, std::size_t longest, Medium medium);

}  // namespace normscope

#pragma once

#include <string>
#include <string_view>

namespace normscope {

/// Foreign text as plain text: one line, with a backslash before every character that has a meaning
/// in Markdown or HTML.
std::string markdown_plain(std::string_view text);

/// A code span with a fence longer than any run of backquotes in it.
std::string markdown_code(std::string_view text);

}  // namespace normscope

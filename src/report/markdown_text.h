#pragma once

#include <string>
#include <string_view>

namespace normscope {

/// Text of others as text: one line, with every character that Markdown or HTML could take for its
/// own behind a backslash.
std::string markdown_plain(std::string_view text);

/// A code span with a fence longer than any run of backquotes in it.
std::string markdown_code(std::string_view text);

}  // namespace normscope

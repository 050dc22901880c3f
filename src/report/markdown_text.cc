#include "report/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/printable.h"

namespace normscope {
namespace {

constexpr std::size_t kLongest = 4000;

}  // namespace

std::string markdown_plain(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]<>|~&$#@!";
  std::string escaped;
  for (const char c : printable(text, kLongest, Medium::terminal)) {
    if (kSpecial.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string markdown_code(std::string_view text) {
  const std::string line = printable(text, kLongest, Medium::terminal);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : line) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{0} {1} {0}", fence, line);
}

}  // namespace normscope

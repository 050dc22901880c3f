#include "normscope/error.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace normscope {
namespace {

// A hostile file name or key must not move the cursor or fake a second line on the terminal.
std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += c;
    }
  }
  return line;
}

// A hostile key may be megabytes long.
std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 500;
  if (text.size() <= longest) return std::string(text);
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string join(std::string_view file, std::string_view place, std::string_view reason) {
  if (place.empty()) return one_line(fmt::format("{}: {}", file, shortened(reason)));
  return one_line(fmt::format("{}: {}: {}", file, shortened(place), shortened(reason)));
}

}  // namespace

Error::Error(std::string file, std::string place, std::string reason)
    : std::runtime_error(join(file, place, reason)),
      file_(std::move(file)),
      place_(std::move(place)),
      reason_(std::move(reason)) {}

Error::Error(std::string file, std::string reason)
    : Error(std::move(file), "", std::move(reason)) {}

}  // namespace normscope

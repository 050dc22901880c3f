#include "report/html.h"

#include <unicode/unistr.h>

#include <cstdint>
#include <limits>
#include <stdexcept>

namespace normscope {

std::string html_text(std::string_view text) {
  text = text.substr(0, std::numeric_limits<std::int32_t>::max());
  // Bytes that are not UTF-8 become U+FFFD.
  std::string valid;
  icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())})
      .toUTF8String(valid);
  std::string escaped;
  escaped.reserve(valid.size());
  for (const char c : valid) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      case '\n':
      case '\t':
        escaped += c;
        break;
      default:
        escaped +=
            (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) ? "\uFFFD" : std::string(1, c);
    }
  }
  return escaped;
}

std::string json_in_script(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string fill(std::string_view text, const std::function<std::string(std::string_view)>& value) {
  std::string filled;
  while (true) {
    const std::size_t open = text.find("{{");
    filled += text.substr(0, open);
    if (open == std::string_view::npos) return filled;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) throw std::logic_error("{{ without }}");
    filled += value(text.substr(open + 2, close - open - 2));
    text.remove_prefix(close + 2);
  }
}

}  // namespace normscope

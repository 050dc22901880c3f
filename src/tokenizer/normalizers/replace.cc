#include "tokenizer/normalizers/replace.h"

#include <cstddef>

namespace normscope::tokenizer {

Replace Replace::read(const JsonNode& node) {
  const JsonNode pattern = node.at("pattern");
  if (!pattern.at("Regex").is_null()) {
    pattern.fail(
        "the normalizer Replace is supported with a string only, not with a regular expression");
  }
  Replace replace{.pattern = pattern.at("String").string(), .content = node.at("content").string()};
  if (replace.pattern.empty()) pattern.fail("is an empty string");
  return replace;
}

void Replace::normalize(std::string_view text, std::string& normalized) const {
  for (std::size_t at = text.find(pattern); at != std::string_view::npos; at = text.find(pattern)) {
    normalized += text.substr(0, at);
    normalized += content;
    text.remove_prefix(at + pattern.size());
  }
  normalized += text;
}

}  // namespace normscope::tokenizer

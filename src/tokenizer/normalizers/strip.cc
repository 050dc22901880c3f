#include "tokenizer/normalizers/strip.h"

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

Strip Strip::read(const JsonNode& node) {
  return {.strip_left = node.at("strip_left").boolean(),
          .strip_right = node.at("strip_right").boolean()};
}

void Strip::normalize(std::string_view text, std::string& normalized) const {
  if (strip_left) text.remove_prefix(unicode::spaces_at_start(text));
  if (strip_right) text.remove_suffix(unicode::spaces_at_end(text));
  normalized += text;
}

}  // namespace normscope::tokenizer

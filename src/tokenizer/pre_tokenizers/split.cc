#include "tokenizer/pre_tokenizers/split.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace normscope::tokenizer {

Split Split::read(const JsonNode& node) {
  const JsonNode pattern = node.at("pattern");
  if (!pattern.at("Regex").is_null()) {
    pattern.fail("the pre-tokenizer Split does not support regular expressions");
  }
  Split split{.pattern = pattern.at("String").string(),
              .behavior = read_split_behavior(node.at("behavior")),
              .invert = node.at("invert").boolean()};
  if (split.pattern.empty()) pattern.fail("is an empty string");
  return split;
}

void Split::split(std::string_view text, Pieces& pieces) const {
  std::vector<Stretch> stretches;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = std::min(text.find(pattern, at), text.size());
    if (found > at) stretches.push_back({.end = found, .match = invert});
    at = std::min(found + pattern.size(), text.size());
    if (found < text.size()) stretches.push_back({.end = at, .match = !invert});
  }
  tokenizer::split(text, stretches, behavior, pieces);
}

}  // namespace normscope::tokenizer

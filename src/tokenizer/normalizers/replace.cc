#include "tokenizer/normalizers/replace.h"

#include <cstddef>

namespace normscope::tokenizer {

Replace Replace::read(const JsonNode& node) {
  return {.pattern = Pattern::read(node.at("pattern")), .content = node.at("content").string()};
}

void Replace::normalize(std::string_view text, std::string& normalized) const {
  std::size_t done = 0;
  for (Pattern::Match match = pattern.find(text, 0); match.begin < text.size();
       match = pattern.find(text, done)) {
    normalized += text.substr(done, match.begin - done);
    normalized += content;
    done = match.end;
  }
  normalized += text.substr(done);
}

}  // namespace normscope::tokenizer

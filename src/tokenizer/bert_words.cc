#include "tokenizer/bert_words.h"

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

BertWords::BertWords(const BertNormalizer& normalizer) : normalizer_(normalizer) {
  for (std::size_t c = 0; c < ascii_.size(); ++c) {
    std::string normalized;
    const char text = static_cast<char>(c);
    normalizer.normalize({&text, 1}, normalized);
    AsciiRule& rule = ascii_[c];
    if (normalized.empty()) {
      rule.kind = AsciiRule::dropped;
      continue;
    }
    // An ASCII character normalizes to one.
    rule.normalized = normalized.front();
    const auto scalar = static_cast<char32_t>(static_cast<unsigned char>(rule.normalized));
    if (unicode::has(scalar, unicode::kSpace)) {
      rule.kind = AsciiRule::space;
    } else if (unicode::has(scalar, unicode::kPunctuation)) {
      rule.kind = AsciiRule::punctuation;
    }
  }
}

}  // namespace normscope::tokenizer

#include "tokenizer/normalizers/bert_normalizer.h"

#include <cstddef>

#include "tokenizer/unicode.h"
#include "tokenizer/unicode_normalization.h"

namespace normscope::tokenizer {
BertNormalizer BertNormalizer::read(const JsonNode& node) {
  BertNormalizer normalizer;
  normalizer.clean_text = node.at("clean_text").boolean_or(true);
  normalizer.handle_chinese_chars = node.at("handle_chinese_chars").boolean_or(true);
  normalizer.lowercase = node.at("lowercase").boolean_or(true);
  normalizer.strip_accents = node.at("strip_accents").boolean_or(normalizer.lowercase);
  return normalizer;
}

void BertNormalizer::normalize(std::string_view text, std::string& normalized) const {
  std::u32string characters;
  characters.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    char32_t c = unicode::next(text, i);
    if (clean_text) {
      if (unicode::has(c, unicode::kDropped)) continue;
      if (unicode::has(c, unicode::kSpace)) c = U' ';
    }
    const bool apart = handle_chinese_chars && unicode::has(c, unicode::kIdeograph);
    if (apart) characters += U' ';
    if (strip_accents) {
      unicode::append_decomposed(c, characters);
    } else {
      characters += c;
    }
    if (apart) characters += U' ';
  }
  if (strip_accents) {
    unicode::order_marks(characters);
    std::erase_if(characters, [](char32_t c) { return unicode::has(c, unicode::kNonspacingMark); });
  }
  for (const char32_t c : characters) {
    if (lowercase && unicode::has(c, unicode::kHasLower)) {
      for (const char32_t part : unicode::lower(c)) unicode::append(part, normalized);
    } else {
      unicode::append(c, normalized);
    }
  }
}

}  // namespace normscope::tokenizer

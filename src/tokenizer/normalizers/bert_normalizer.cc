#include "tokenizer/normalizers/bert_normalizer.h"

#include <algorithm>
#include <cstddef>

#include "tokenizer/unicode.h"

namespace normscope {
namespace {

// Hangul syllables decompose by arithmetic (The Unicode Standard, 3.12).
constexpr char32_t kSyllables = 0xac00;
constexpr char32_t kSyllableCount = 11172;
constexpr char32_t kVowels = 21;
constexpr char32_t kTrails = 28;
constexpr char32_t kFirstLead = 0x1100;
constexpr char32_t kFirstVowel = 0x1161;
constexpr char32_t kBeforeTrails = 0x11a7;

void append_decomposed(char32_t c, std::u32string& out) {
  if (c - kSyllables < kSyllableCount) {
    const char32_t index = c - kSyllables;
    out.push_back(kFirstLead + index / (kVowels * kTrails));
    out.push_back(kFirstVowel + index / kTrails % kVowels);
    if (index % kTrails != 0) out.push_back(kBeforeTrails + index % kTrails);
  } else if (unicode::has(c, unicode::kDecomposes)) {
    for (const char32_t part : unicode::decomposition(c)) out += part;
  } else {
    out += c;
  }
}

// The canonical order: runs of combining characters, each sorted by class, stably.
void order_marks(std::u32string& text) {
  const auto starter = [](char32_t c) { return unicode::combining_class(c) == 0; };
  for (auto i = text.begin(); i != text.end();) {
    i = std::find_if_not(i, text.end(), starter);
    const auto end = std::find_if(i, text.end(), starter);
    std::stable_sort(i, end, [](char32_t a, char32_t b) {
      return unicode::combining_class(a) < unicode::combining_class(b);
    });
    i = end;
  }
}

}  // namespace

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
      append_decomposed(c, characters);
    } else {
      characters += c;
    }
    if (apart) characters += U' ';
  }
  if (strip_accents) {
    order_marks(characters);
    std::erase_if(characters, [](char32_t c) { return unicode::has(c, unicode::kMark); });
  }
  for (const char32_t c : characters) {
    if (lowercase && unicode::has(c, unicode::kHasLower)) {
      for (const char32_t part : unicode::lower(c)) unicode::append(part, normalized);
    } else {
      unicode::append(c, normalized);
    }
  }
}

}  // namespace normscope

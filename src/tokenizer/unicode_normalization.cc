#include "tokenizer/unicode_normalization.h"

#include <algorithm>
#include <cstddef>

#include "tokenizer/unicode.h"

namespace normscope::unicode {
namespace {

// Hangul syllables decompose and compose by arithmetic (The Unicode Standard, 3.12).
constexpr char32_t kSyllables = 0xac00;
constexpr char32_t kSyllableCount = 11172;
constexpr char32_t kLeads = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kTrails = 28;
constexpr char32_t kFirstLead = 0x1100;
constexpr char32_t kFirstVowel = 0x1161;
constexpr char32_t kBeforeTrails = 0x11a7;

// 0 if the two do not compose.
char32_t compose_hangul(char32_t first, char32_t second) {
  if (first - kFirstLead < kLeads && second - kFirstVowel < kVowels) {
    return kSyllables + ((first - kFirstLead) * kVowels + (second - kFirstVowel)) * kTrails;
  }
  const bool open = first - kSyllables < kSyllableCount && (first - kSyllables) % kTrails == 0;
  const bool trails = second > kBeforeTrails && second < kBeforeTrails + kTrails;
  return open && trails ? first + (second - kBeforeTrails) : 0;
}

char32_t compose_pair(char32_t first, char32_t second) {
  if (const char32_t syllable = compose_hangul(first, second); syllable != 0) return syllable;
  return has(second, kComposes) ? composition(first, second) : 0;
}

}  // namespace

void append_decomposed(char32_t c, std::u32string& text) {
  if (c - kSyllables < kSyllableCount) {
    const char32_t index = c - kSyllables;
    text.push_back(kFirstLead + index / (kVowels * kTrails));
    text.push_back(kFirstVowel + index / kTrails % kVowels);
    if (index % kTrails != 0) text.push_back(kBeforeTrails + index % kTrails);
  } else if (has(c, kDecomposes)) {
    for (const char32_t part : decomposition(c)) text += part;
  } else {
    text += c;
  }
}

void append_compatibility_decomposed(char32_t c, std::u32string& text) {
  if (!has(c, kHasCompatibility)) return append_decomposed(c, text);
  for (const char32_t part : compatibility_decomposition(c)) text += part;
}

void order_marks(std::u32string& text) {
  const auto starter = [](char32_t c) { return combining_class(c) == 0; };
  for (auto i = text.begin(); i != text.end();) {
    i = std::find_if_not(i, text.end(), starter);
    const auto end = std::find_if(i, text.end(), starter);
    std::stable_sort(
        i, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    i = end;
  }
}

void compose(std::u32string& text) {
  // text[0, end) is done. The last starter in it takes what follows, unless a character between
  // them is a starter or has at least the class of what follows.
  constexpr std::size_t kNone = std::u32string::npos;
  std::size_t starter = kNone;
  std::size_t end = 0;
  unsigned class_between = 0;
  for (const char32_t c : text) {
    const unsigned of_c = combining_class(c);
    const bool adjacent = starter != kNone && starter + 1 == end;
    if (starter != kNone && (adjacent || class_between < of_c)) {
      if (const char32_t composed = compose_pair(text[starter], c); composed != 0) {
        text[starter] = composed;
        continue;
      }
    }
    if (of_c == 0) starter = end;
    class_between = of_c;
    text[end++] = c;
  }
  text.resize(end);
}

}  // namespace normscope::unicode

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tokenizer/generated/unicode_tables.h"

/// What Hugging Face `tokenizers` takes each Unicode scalar value for.
namespace normscope::unicode {

enum Flag : std::uint16_t {
  /// clean_text takes it out.
  kDropped = 1U << 0U,
  /// White space, at which the pre-tokenizer splits.
  kSpace = 1U << 1U,
  /// The pre-tokenizer makes a word of its own of it.
  kPunctuation = 1U << 2U,
  /// handle_chinese_chars puts spaces around it.
  kIdeograph = 1U << 3U,
  /// strip_accents takes it out.
  kMark = 1U << 4U,
  /// \w of the regular expressions that bound a single_word token.
  kWord = 1U << 5U,
  kDecomposes = 1U << 6U,
  kHasLower = 1U << 7U,
};

/// The flags in the low byte, the canonical combining class in the high one.
inline std::uint16_t properties(char32_t c) {
  return kProperties[kBlockIndex[c / kBlock] * kBlock + c % kBlock];
}
inline bool has(char32_t c, Flag flag) { return (properties(c) & flag) != 0; }
inline unsigned combining_class(char32_t c) { return properties(c) >> 8U; }

/// The full canonical decomposition of a character with kDecomposes (not of Hangul syllables).
std::span<const char32_t> decomposition(char32_t c);
/// The lower case of a character with kHasLower.
std::span<const char32_t> lower(char32_t c);

/// Reads the scalar value at `i` of valid UTF-8 and moves `i` behind it.
char32_t next(std::string_view utf8, std::size_t& i);
void append(char32_t c, std::string& utf8);

}  // namespace normscope::unicode

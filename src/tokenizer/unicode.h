#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tokenizer/generated/unicode_tables.h"

/// The properties that Hugging Face `tokenizers` gives each Unicode scalar value.
namespace normscope::unicode {

enum Flag : std::uint32_t {
  /// clean_text removes it.
  kDropped = 1U << 0U,
  /// White space, at which the pre-tokenizer splits.
  kSpace = 1U << 1U,
  /// The pre-tokenizer makes it a word of its own.
  kPunctuation = 1U << 2U,
  /// handle_chinese_chars puts spaces around it.
  kIdeograph = 1U << 3U,
  /// BertNormalizer's strip_accents removes it.
  kNonspacingMark = 1U << 4U,
  /// \w of the regular expressions that bound a single_word token.
  kWord = 1U << 5U,
  kDecomposes = 1U << 6U,
  kHasLower = 1U << 7U,
  /// StripAccents removes it.
  kCombiningMark = 1U << 8U,
  kHasCompatibility = 1U << 9U,
  /// May be composed with a character before it (Hangul not counted).
  kComposes = 1U << 10U,
  /// Digits splits at it.
  kNumeric = 1U << 11U,
  /// \p{L} and \p{N} of the pre-tokenizers' regular expressions.
  kLetter = 1U << 12U,
  kNumber = 1U << 13U,
};

/// What a character is in extended grapheme clusters (Unicode Standard Annex #29): its
/// Grapheme_Cluster_Break, or its role in conjuncts and pictures. A linker and a conjunct_extend
/// are also Extend; CR and LF are control, ZERO WIDTH JOINER is conjunct_extend.
enum class Grapheme : std::uint8_t {
  other,
  control,
  prepend,
  extend,
  spacing,
  lead,
  vowel,
  trail,
  lead_vowel,
  lead_vowel_trail,
  consonant,
  linker,
  conjunct_extend,
  pictographic
};

/// The canonical combining class in the highest byte, the grapheme's kind in the next, the flags in
/// the others.
inline std::uint32_t properties(char32_t c) {
  return kProperties[kBlockIndex[c / kBlock] * kBlock + c % kBlock];
}
inline bool has(char32_t c, Flag flag) { return (properties(c) & flag) != 0; }
inline Grapheme grapheme(char32_t c) { return static_cast<Grapheme>(properties(c) >> 16U & 0xffU); }
inline unsigned combining_class(char32_t c) { return properties(c) >> 24U; }

/// The full canonical decomposition of a character with kDecomposes (not of Hangul syllables).
std::span<const char32_t> decomposition(char32_t c);
/// The full compatibility decomposition of a character with kHasCompatibility, if it differs from
/// the canonical one (not of Hangul syllables).
std::span<const char32_t> compatibility_decomposition(char32_t c);
/// The composition of two characters, 0 if there is none (not of Hangul).
char32_t composition(char32_t first, char32_t second);
/// The lower case of a character with kHasLower.
std::span<const char32_t> lower(char32_t c);

/// Reads the scalar value at `i` of valid UTF-8 and moves `i` past it.
char32_t next(std::string_view utf8, std::size_t& i);
/// Where the last character of valid UTF-8 begins; the text must not be empty.
std::size_t last_character(std::string_view utf8);
/// How many bytes of white space valid UTF-8 starts or ends with.
std::size_t spaces_at_start(std::string_view utf8);
std::size_t spaces_at_end(std::string_view utf8);
void append(char32_t c, std::string& utf8);

}  // namespace normscope::unicode

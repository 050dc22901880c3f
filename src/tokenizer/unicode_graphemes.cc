#include "tokenizer/unicode_graphemes.h"

#include "tokenizer/unicode.h"

namespace normscope::unicode {
namespace {

constexpr char32_t kJoiner = 0x200d;

bool extends(Grapheme kind) {
  return kind == Grapheme::extend || kind == Grapheme::linker || kind == Grapheme::conjunct_extend;
}

bool same_syllable(Grapheme before, Grapheme after) {
  switch (before) {
    case Grapheme::lead:
      return after == Grapheme::lead || after == Grapheme::vowel || after == Grapheme::lead_vowel ||
             after == Grapheme::lead_vowel_trail;
    case Grapheme::vowel:
    case Grapheme::lead_vowel:
      return after == Grapheme::vowel || after == Grapheme::trail;
    case Grapheme::trail:
    case Grapheme::lead_vowel_trail:
      return after == Grapheme::trail;
    default:
      return false;
  }
}

}  // namespace

std::size_t grapheme_end(std::string_view utf8, std::size_t begin) {
  std::size_t end = begin;
  char32_t before = next(utf8, end);
  Grapheme kind = grapheme(before);
  // A picture followed only by extensions; a consonant, perhaps followed by a linker.
  bool picture = kind == Grapheme::pictographic;
  bool consonant = kind == Grapheme::consonant;
  bool linked = false;
  while (end < utf8.size()) {
    std::size_t after = end;
    const char32_t c = next(utf8, after);
    const Grapheme next_kind = grapheme(c);
    if (kind == Grapheme::control || next_kind == Grapheme::control) {
      if (before != U'\r' || c != U'\n') break;
    } else if (!extends(next_kind) && next_kind != Grapheme::spacing && kind != Grapheme::prepend &&
               !same_syllable(kind, next_kind) && !(linked && next_kind == Grapheme::consonant) &&
               !(picture && before == kJoiner && next_kind == Grapheme::pictographic)) {
      break;
    }
    picture =
        next_kind == Grapheme::pictographic || (picture && before != kJoiner && extends(next_kind));
    linked = consonant &&
             ((linked && next_kind == Grapheme::conjunct_extend) || next_kind == Grapheme::linker);
    consonant =
        next_kind == Grapheme::consonant ||
        (consonant && (next_kind == Grapheme::conjunct_extend || next_kind == Grapheme::linker));
    before = c;
    kind = next_kind;
    end = after;
  }
  return end;
}

}  // namespace normscope::unicode

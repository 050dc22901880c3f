#include "tokenizer/normalizers/normalization_form.h"

#include <algorithm>
#include <cstddef>

#include "tokenizer/unicode.h"
#include "tokenizer/unicode_normalization.h"

namespace normscope::tokenizer {

void normalize_to(Form form, std::string_view text, std::string& normalized) {
  // ASCII is the same in every form.
  if (std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; })) {
    normalized += text;
    return;
  }
  const bool canonical = form == Form::nfc || form == Form::nfd;
  std::u32string characters;
  characters.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = unicode::next(text, i);
    if (canonical) {
      unicode::append_decomposed(c, characters);
    } else {
      unicode::append_compatibility_decomposed(c, characters);
    }
  }
  unicode::order_marks(characters);
  if (form == Form::nfc || form == Form::nfkc) unicode::compose(characters);
  for (const char32_t c : characters) unicode::append(c, normalized);
}

}  // namespace normscope::tokenizer

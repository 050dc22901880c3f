#include "tokenizer/normalizers/strip_accents.h"

#include <cstddef>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

void StripAccents::normalize(std::string_view text, std::string& normalized) const {
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = unicode::next(text, i);
    if (!unicode::has(c, unicode::kCombiningMark)) unicode::append(c, normalized);
  }
}

}  // namespace normscope::tokenizer

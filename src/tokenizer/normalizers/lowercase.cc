#include "tokenizer/normalizers/lowercase.h"

#include <cstddef>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

void Lowercase::normalize(std::string_view text, std::string& normalized) const {
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = unicode::next(text, i);
    if (unicode::has(c, unicode::kHasLower)) {
      for (const char32_t part : unicode::lower(c)) unicode::append(part, normalized);
    } else {
      unicode::append(c, normalized);
    }
  }
}

}  // namespace normscope::tokenizer

#include "corpus/words.h"

#include <unicode/uchar.h>

#include "corpus/utf8.h"

namespace normscope {

std::size_t count_words(std::string_view text, std::size_t enough) {
  std::size_t words = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size() && words < enough;) {
    bool space = false;
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      space = is_ascii_space(text[i++]);
    } else {
      space = u_isUWhiteSpace(next_character(text, i)) != 0;
    }
    if (!space && !inside) ++words;
    inside = !space;
  }
  return words;
}

}  // namespace normscope

#include "text/words.h"

#include <unicode/uchar.h>

#include "text/utf8.h"

namespace normscope {
namespace {

// Whether the character at text[i] is white space; moves `i` past it.
bool next_is_space(std::string_view text, std::size_t& i) {
  if (static_cast<unsigned char>(text[i]) < 0x80) return is_ascii_space(text[i++]);
  return u_isUWhiteSpace(next_character(text, i)) != 0;
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t at = i;
    if (!next_is_space(text, i)) continue;
    if (at > begin) words.push_back(text.substr(begin, at - begin));
    begin = i;
  }
  if (text.size() > begin) words.push_back(text.substr(begin));
  return words;
}

std::size_t count_words(std::string_view text, std::size_t enough) {
  std::size_t words = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size() && words < enough;) {
    const bool space = next_is_space(text, i);
    if (!space && !inside) ++words;
    inside = !space;
  }
  return words;
}

}  // namespace normscope

#include "text/utf8.h"

#include <unicode/uchar.h>

#include <cstring>

namespace normscope {

std::int32_t next_character(std::string_view text, std::size_t& i) {
  const auto byte_at = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const unsigned lead = byte_at(i++);
  if (lead < 0x80) return static_cast<std::int32_t>(lead);
  if (lead < 0xC2 || lead > 0xF4) return -1;
  const std::size_t trail = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  // After some lead bytes the next byte has a narrower range: overlong forms, surrogates, above
  // U+10FFFF.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  unsigned character = lead & (0x3FU >> trail);
  for (std::size_t k = 0; k < trail; ++k) {
    const unsigned byte = byte_at(i + k);
    if (byte < (k == 0 ? low : 0x80U) || byte > (k == 0 ? high : 0xBFU)) return -1;
    character = character << 6 | (byte & 0x3F);
  }
  i += trail;
  return static_cast<std::int32_t>(character);
}

bool is_utf8(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t i = 0;
  while (i < text.size()) {
    std::uint64_t word = high_bits;
    if (text.size() - i >= sizeof word) std::memcpy(&word, text.data() + i, sizeof word);
    if ((word & high_bits) == 0) {
      i += sizeof word;
    } else {
      // In runs outside ASCII, looking at eight bytes for each character does not pay.
      do {
        if (next_character(text, i) < 0) return false;
      } while (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x80);
    }
  }
  return true;
}

bool is_blank(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (u_isUWhiteSpace(next_character(text, i)) == 0) return false;
  }
  return true;
}

}  // namespace normscope

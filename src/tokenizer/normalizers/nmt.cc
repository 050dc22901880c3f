#include "tokenizer/normalizers/nmt.h"

#include <cstddef>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
namespace {

constexpr bool goes(char32_t c) {
  return (c >= 0x01 && c <= 0x08) || c == 0x0b || (c >= 0x0e && c <= 0x1f) || c == 0x7f ||
         c == 0x8f || c == 0x9f;
}

constexpr bool becomes_space(char32_t c) {
  return c == 0x09 || c == 0x0a || c == 0x0c || c == 0x0d || c == 0x1680 ||
         (c >= 0x200b && c <= 0x200f) || c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xfeff ||
         c == 0xfffd;
}

}  // namespace

void Nmt::normalize(std::string_view text, std::string& normalized) const {
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = unicode::next(text, i);
    if (!goes(c)) unicode::append(becomes_space(c) ? U' ' : c, normalized);
  }
}

}  // namespace normscope::tokenizer

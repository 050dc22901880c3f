#include "tokenizer/unicode.h"

#include <algorithm>

namespace normscope::unicode {
namespace {

std::span<const char32_t> look_up(char32_t c, const char32_t* keys, std::size_t count,
                                  const std::uint16_t* starts, const char32_t* values) {
  const auto at = static_cast<std::size_t>(std::lower_bound(keys, keys + count, c) - keys);
  return {values + starts[at], values + starts[at + 1]};
}

}  // namespace

std::span<const char32_t> decomposition(char32_t c) {
  return look_up(c, kDecompositionKeys, kDecompositionCount, kDecompositionStarts,
                 kDecompositionValues);
}

std::span<const char32_t> compatibility_decomposition(char32_t c) {
  return look_up(c, kCompatibilityKeys, kCompatibilityCount, kCompatibilityStarts,
                 kCompatibilityValues);
}

char32_t composition(char32_t first, char32_t second) {
  const std::uint64_t key = std::uint64_t{first} << 32U | second;
  const std::uint64_t* end = kCompositionKeys + kCompositionCount;
  const std::uint64_t* at = std::lower_bound(kCompositionKeys, end, key);
  return at != end && *at == key ? kCompositionValues[at - kCompositionKeys] : 0;
}

std::span<const char32_t> lower(char32_t c) {
  return look_up(c, kLowerKeys, kLowerCount, kLowerStarts, kLowerValues);
}

char32_t next(std::string_view utf8, std::size_t& i) {
  const auto byte = [&](std::size_t at) {
    return static_cast<char32_t>(static_cast<unsigned char>(utf8[at]));
  };
  const char32_t first = byte(i);
  if (first < 0x80) {
    i += 1;
    return first;
  }
  if (first < 0xe0) {
    i += 2;
    return (first & 0x1fU) << 6U | (byte(i - 1) & 0x3fU);
  }
  if (first < 0xf0) {
    i += 3;
    return (first & 0x0fU) << 12U | (byte(i - 2) & 0x3fU) << 6U | (byte(i - 1) & 0x3fU);
  }
  i += 4;
  return (first & 0x07U) << 18U | (byte(i - 3) & 0x3fU) << 12U | (byte(i - 2) & 0x3fU) << 6U |
         (byte(i - 1) & 0x3fU);
}

std::size_t last_character(std::string_view utf8) {
  std::size_t at = utf8.size() - 1;
  while ((static_cast<unsigned char>(utf8[at]) & 0xc0U) == 0x80U) --at;
  return at;
}

std::size_t spaces_at_start(std::string_view utf8) {
  std::size_t end = 0;
  while (end < utf8.size()) {
    std::size_t after = end;
    if (!has(next(utf8, after), kSpace)) break;
    end = after;
  }
  return end;
}

std::size_t spaces_at_end(std::string_view utf8) {
  std::size_t begin = utf8.size();
  while (begin > 0) {
    const std::size_t character = last_character(utf8.substr(0, begin));
    std::size_t at = character;
    if (!has(next(utf8, at), kSpace)) break;
    begin = character;
  }
  return utf8.size() - begin;
}

void append(char32_t c, std::string& utf8) {
  const auto put = [&](char32_t byte) { utf8 += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0U | c >> 6U);
    put(0x80U | (c & 0x3fU));
  } else if (c < 0x10000) {
    put(0xe0U | c >> 12U);
    put(0x80U | (c >> 6U & 0x3fU));
    put(0x80U | (c & 0x3fU));
  } else {
    put(0xf0U | c >> 18U);
    put(0x80U | (c >> 12U & 0x3fU));
    put(0x80U | (c >> 6U & 0x3fU));
    put(0x80U | (c & 0x3fU));
  }
}

}  // namespace normscope::unicode

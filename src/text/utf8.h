#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "normscope/text.h"

namespace normscope {

/// Decodes the character at text[i], i < text.size(), and moves `i` past it. If the bytes there are
/// not well-formed UTF-8, returns -1 and moves `i` by one byte.
std::int32_t next_character(std::string_view text, std::size_t& i);

/// Whether `text` is empty or nothing but characters of Unicode's White_Space.
bool is_blank(std::string_view text);

/// Whether `byte` is a space, a tab, a line feed, a vertical tab, a form feed or a carriage return.
constexpr bool is_ascii_space(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

}  // namespace normscope

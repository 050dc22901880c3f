#pragma once

#include <string>
#include <string_view>

namespace normscope::tokenizer {

/// Appends a character for each byte, as GPT-2 does: printable ones of Latin-1 stand for
/// themselves, the others get the next free characters from U+0100 on.
void append_byte_characters(std::string_view bytes, std::string& text);

}  // namespace normscope::tokenizer

#include "tokenizer/byte_characters.h"

#include <array>
#include <cstddef>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
namespace {

struct Character {
  std::array<char, 2> utf8{};
  unsigned char size = 0;
};

std::array<Character, 256> make_characters() {
  std::array<Character, 256> characters;
  char32_t next = 0x100;
  for (std::size_t byte = 0; byte < characters.size(); ++byte) {
    const bool printable =
        (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    std::string utf8;
    unicode::append(printable ? static_cast<char32_t>(byte) : next++, utf8);
    utf8.copy(characters[byte].utf8.data(), utf8.size());
    characters[byte].size = static_cast<unsigned char>(utf8.size());
  }
  return characters;
}

}  // namespace

void append_byte_characters(std::string_view bytes, std::string& text) {
  static const std::array<Character, 256> characters = make_characters();
  for (const char byte : bytes) {
    const Character& character = characters[static_cast<unsigned char>(byte)];
    text.append(character.utf8.data(), character.size);
  }
}

}  // namespace normscope::tokenizer

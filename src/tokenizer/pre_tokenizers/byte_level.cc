#include "tokenizer/pre_tokenizers/byte_level.h"

#include <cstddef>
#include <string>

#include "tokenizer/byte_characters.h"
#include "tokenizer/pre_tokenizers/gpt2_words.h"

namespace normscope::tokenizer {

ByteLevel ByteLevel::read(const JsonNode& node) {
  return {.add_prefix_space = node.at("add_prefix_space").boolean(),
          .use_regex = node.at("use_regex").boolean_or(true)};
}

void ByteLevel::split(std::string_view text, Pieces& pieces) const {
  std::string prefixed;
  if (add_prefix_space && !text.starts_with(' ')) {
    prefixed = " ";
    prefixed += text;
    text = prefixed;
  }
  std::string characters;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = use_regex ? gpt2_word_end(text, begin) : text.size();
    characters.clear();
    append_byte_characters(text.substr(begin, end - begin), characters);
    pieces.put(characters);
    pieces.end();
    begin = end;
  }
}

}  // namespace normscope::tokenizer

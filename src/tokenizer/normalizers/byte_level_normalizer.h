#pragma once

#include <string>
#include <string_view>

#include "tokenizer/byte_characters.h"
#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Turns each byte into a printable character.
struct ByteLevelNormalizer {
  static constexpr std::string_view kType = "ByteLevel";
  static ByteLevelNormalizer read(const JsonNode& /*node*/) { return {}; }

  void normalize(std::string_view text, std::string& normalized) const {
    append_byte_characters(text, normalized);
  }
};

}  // namespace normscope::tokenizer

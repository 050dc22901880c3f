#pragma once

#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"

namespace normscope::tokenizer {

/// GPT-2's pre-tokenizer: words with the space before them, then a printable character for each
/// byte.
struct ByteLevel {
  static constexpr std::string_view kType = "ByteLevel";
  static ByteLevel read(const JsonNode& node);

  /// Puts a space before each piece that does not start with one.
  bool add_prefix_space = true;
  bool use_regex = true;

  void split(std::string_view text, Pieces& pieces) const;
};

}  // namespace normscope::tokenizer

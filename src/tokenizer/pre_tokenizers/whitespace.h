#pragma once

#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"

namespace normscope::tokenizer {

/// Pieces are runs of word characters (\w) and runs of others; white space between them is removed.
struct Whitespace {
  static constexpr std::string_view kType = "Whitespace";
  static Whitespace read(const JsonNode& /*node*/) { return {}; }

  void split(std::string_view text, Pieces& pieces) const;
};

}  // namespace normscope::tokenizer

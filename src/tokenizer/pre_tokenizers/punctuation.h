#pragma once

#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"
#include "tokenizer/pre_tokenizers/split_behavior.h"

namespace normscope::tokenizer {

struct Punctuation {
  static constexpr std::string_view kType = "Punctuation";
  static Punctuation read(const JsonNode& node);

  SplitBehavior behavior = SplitBehavior::isolated;

  void split(std::string_view text, Pieces& pieces) const;
};

}  // namespace normscope::tokenizer

#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"
#include "tokenizer/pre_tokenizers/split_behavior.h"

namespace normscope::tokenizer {

/// Splits at a string, or with `invert` at the text between; regular expressions are not supported.
struct Split {
  static constexpr std::string_view kType = "Split";
  static Split read(const JsonNode& node);

  std::string pattern;
  SplitBehavior behavior = SplitBehavior::removed;
  bool invert = false;

  void split(std::string_view text, Pieces& pieces) const;
};

}  // namespace normscope::tokenizer

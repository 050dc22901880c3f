#pragma once

#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"

namespace normscope::tokenizer {

/// Numbers become pieces: each digit by itself, or all adjacent ones together.
struct Digits {
  static constexpr std::string_view kType = "Digits";
  static Digits read(const JsonNode& node);

  bool individual_digits = false;

  void split(std::string_view text, Pieces& pieces) const;
};

}  // namespace normscope::tokenizer

#pragma once

#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"

namespace normscope::tokenizer {

/// Words end at white space, which is removed.
struct WhitespaceSplit {
  static constexpr std::string_view kType = "WhitespaceSplit";
  static WhitespaceSplit read(const JsonNode& /*node*/) { return {}; }

  void split(std::string_view text, Pieces& pieces) const;
};

}  // namespace normscope::tokenizer

#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Character by character: there is no final sigma.
struct Lowercase {
  static constexpr std::string_view kType = "Lowercase";
  static Lowercase read(const JsonNode& /*node*/) { return {}; }

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

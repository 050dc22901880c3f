#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Removes combining marks; does not decompose characters that contain one.
struct StripAccents {
  static constexpr std::string_view kType = "StripAccents";
  static StripAccents read(const JsonNode& /*node*/) { return {}; }

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

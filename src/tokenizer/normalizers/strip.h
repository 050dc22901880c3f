#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Removes white space from the ends.
struct Strip {
  static constexpr std::string_view kType = "Strip";
  static Strip read(const JsonNode& node);

  bool strip_left = true;
  bool strip_right = true;

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

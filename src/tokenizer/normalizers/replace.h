#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pattern.h"

namespace normscope::tokenizer {

/// Replaces every match of a pattern with a string.
struct Replace {
  static constexpr std::string_view kType = "Replace";
  static Replace read(const JsonNode& node);

  Pattern pattern;
  std::string content;

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Puts one string for every occurrence of another; regular expressions are not supported.
struct Replace {
  static constexpr std::string_view kType = "Replace";
  static Replace read(const JsonNode& node);

  std::string pattern;
  std::string content;

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

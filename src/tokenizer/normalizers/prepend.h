#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Puts a string in front of a text that is not empty.
struct Prepend {
  static constexpr std::string_view kType = "Prepend";
  static Prepend read(const JsonNode& node);

  std::string prepend;

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

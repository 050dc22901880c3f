#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Removes control characters and turns other white space and characters without width into spaces,
/// by the rules of neural machine translation.
struct Nmt {
  static constexpr std::string_view kType = "Nmt";
  static Nmt read(const JsonNode& /*node*/) { return {}; }

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

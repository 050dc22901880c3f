#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Takes control characters out and makes spaces of other white space and of what has no width, as
/// machine translation's rules have it.
struct Nmt {
  static constexpr std::string_view kType = "Nmt";
  static Nmt read(const JsonNode& /*node*/) { return {}; }

  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

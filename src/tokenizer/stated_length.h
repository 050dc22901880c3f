#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Adds the length that `node` states. Only whole numbers from 1 to a million count: "no limit" is
/// written as 1e30.
inline void add_length(const JsonNode& node, const std::string& where,
                       std::vector<StatedLength>& lengths) {
  constexpr std::uint64_t kLongest = 1'000'000;
  if (!node.json().is_number_unsigned()) return;
  const auto tokens = node.json().get<std::uint64_t>();
  if (tokens == 0 || tokens > kLongest) return;
  lengths.push_back({.tokens = tokens, .where = where});
}

}  // namespace normscope::tokenizer

#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tokenizer/read_part.h"

namespace normscope::tokenizer {

/// More steps than any tokenizer has; each costs time for every text.
inline constexpr std::size_t kMostSteps = 64;

/// Reads tokenizer.json's form of one step, of several ({"type": "Sequence", `key`: [...]}, which
/// may nest) or of none (null). `kind` names a step in errors. Throws Error.
template <typename Step>
std::vector<Step> read_sequence(const JsonNode& node, std::string_view kind,
                                const std::string& key) {
  std::vector<Step> steps;
  if (node.is_null()) return steps;
  if (node.at("type").string() != "Sequence") {
    steps.push_back(read_part(node, kind, std::type_identity<Step>{}));
    return steps;
  }
  for (const JsonNode& item : node.at(key).items()) {
    for (Step& step : read_sequence<Step>(item, kind, key)) steps.push_back(std::move(step));
    if (steps.size() > kMostSteps) node.fail(fmt::format("has more than {} steps", kMostSteps));
  }
  return steps;
}

}  // namespace normscope::tokenizer

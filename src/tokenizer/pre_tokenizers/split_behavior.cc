#include "tokenizer/pre_tokenizers/split_behavior.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace normscope::tokenizer {

SplitBehavior read_split_behavior(const JsonNode& node) {
  constexpr std::pair<std::string_view, SplitBehavior> kBehaviors[] = {
      {"Removed", SplitBehavior::removed},
      {"Isolated", SplitBehavior::isolated},
      {"MergedWithPrevious", SplitBehavior::merged_with_previous},
      {"MergedWithNext", SplitBehavior::merged_with_next},
      {"Contiguous", SplitBehavior::contiguous}};
  const std::string& asked = node.string();
  for (const auto& [name, behavior] : kBehaviors) {
    if (asked == name) return behavior;
  }
  node.fail(fmt::format("the behavior {} is not supported", asked));
}

void split(std::string_view text, const std::vector<Stretch>& stretches, SplitBehavior behavior,
           Pieces& pieces) {
  const auto joins_the_next = [&](const Stretch& stretch, const Stretch& next) {
    switch (behavior) {
      case SplitBehavior::merged_with_previous:
        return !stretch.match && next.match;
      case SplitBehavior::merged_with_next:
        return stretch.match && !next.match;
      case SplitBehavior::contiguous:
        return stretch.match == next.match;
      default:
        return false;
    }
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const Stretch& stretch = stretches[i];
    if (i + 1 < stretches.size() && joins_the_next(stretch, stretches[i + 1])) continue;
    const bool goes = behavior == SplitBehavior::removed && stretch.match;
    if (!goes) pieces.add(text.substr(begin, stretch.end - begin));
    begin = stretch.end;
  }
}

}  // namespace normscope::tokenizer

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"

namespace normscope::tokenizer {

/// What happens to the stretches that a text is split at.
enum class SplitBehavior { removed, isolated, merged_with_previous, merged_with_next, contiguous };

/// Reads a behavior's name. Throws Error.
SplitBehavior read_split_behavior(const JsonNode& node);

/// A stretch of text, up to `end`: something that the text is split at, or the text between two of
/// them.
struct Stretch {
  std::size_t end = 0;
  bool match = false;
};

/// Splits `text`, which the stretches cover one after the other.
void split(std::string_view text, const std::vector<Stretch>& stretches, SplitBehavior behavior,
           Pieces& pieces);

}  // namespace normscope::tokenizer

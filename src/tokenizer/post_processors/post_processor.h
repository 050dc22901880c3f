#pragma once

#include <cstddef>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// What any post-processor does to a single sentence's ids: it puts some ids before and some after
/// them.
struct PostProcessor {
  std::vector<TokenId> before;
  std::vector<TokenId> after;
};

/// Reads tokenizer.json's "post_processor" for a tokenizer with ids below `vocabulary_size`. Throws
/// Error.
PostProcessor read_post_processor(const JsonNode& node, std::size_t vocabulary_size);

/// An id that a post-processor adds.
TokenId read_id_below(const JsonNode& node, std::size_t vocabulary_size);

}  // namespace normscope::tokenizer

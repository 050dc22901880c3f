#pragma once

#include <cstddef>

#include "tokenizer/json_node.h"
#include "tokenizer/post_processors/post_processor.h"

namespace normscope::tokenizer {

PostProcessor read_bert_processing(const JsonNode& node, std::size_t vocabulary_size);

}  // namespace normscope::tokenizer

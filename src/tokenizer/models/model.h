#pragma once

#include <variant>

#include "tokenizer/json_node.h"
#include "tokenizer/models/word_level.h"
#include "tokenizer/models/wordpiece.h"

namespace normscope::tokenizer {

/// What tokenizer.json can name as a model. Each has its `type`, a reader, its `vocabulary()` and
/// `void append(std::string_view piece, std::vector<TokenId>& ids) const`, for pieces of valid
/// UTF-8 that are not empty.
using Model = std::variant<WordLevel, WordPiece>;

/// Reads tokenizer.json's "model". Throws Error.
Model read_model(const JsonNode& node);

const Vocabulary& vocabulary_of(const Model& model);

}  // namespace normscope::tokenizer

#pragma once

#include <type_traits>
#include <variant>

#include "tokenizer/json_node.h"
#include "tokenizer/models/bpe.h"
#include "tokenizer/models/unigram.h"
#include "tokenizer/models/word_level.h"
#include "tokenizer/models/wordpiece.h"

namespace normscope::tokenizer {

/// The models that tokenizer.json can name. Each has its `type`, a reader, its `vocabulary()` and
/// `void append(std::string_view piece, std::vector<TokenId>& ids) const`, for pieces of valid
/// UTF-8 that are not empty.
using Model = std::variant<Bpe, Unigram, WordLevel, WordPiece>;

/// Whether looking up a piece among those seen before is faster than running the model.
template <typename Of>
inline constexpr bool kIsSlow = std::is_same_v<Of, Bpe> || std::is_same_v<Of, Unigram>;

/// Reads tokenizer.json's "model". Throws Error.
Model read_model(const JsonNode& node);

const Vocabulary& vocabulary_of(const Model& model);

}  // namespace normscope::tokenizer

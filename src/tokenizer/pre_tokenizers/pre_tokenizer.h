#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/bert_pre_tokenizer.h"
#include "tokenizer/pre_tokenizers/byte_level.h"
#include "tokenizer/pre_tokenizers/digits.h"
#include "tokenizer/pre_tokenizers/metaspace.h"
#include "tokenizer/pre_tokenizers/pieces.h"
#include "tokenizer/pre_tokenizers/punctuation.h"
#include "tokenizer/pre_tokenizers/split.h"
#include "tokenizer/pre_tokenizers/whitespace.h"
#include "tokenizer/pre_tokenizers/whitespace_split.h"

namespace normscope::tokenizer {

/// The pre-tokenizers that tokenizer.json can name. Each has its `type`, a reader and `void
/// split(std::string_view piece, Pieces& pieces) const`, which adds.
using PreTokenizerStep = std::variant<BertPreTokenizer, ByteLevel, Digits, Metaspace, Punctuation,
                                      Split, Whitespace, WhitespaceSplit>;

/// The pre-tokenizer of a tokenizer: each step splits every piece that the one before it made.
/// Without any, a text is one piece.
class PreTokenizer {
 public:
  PreTokenizer() = default;
  explicit PreTokenizer(std::vector<PreTokenizerStep> steps) : steps_(std::move(steps)) {}

  /// Takes valid UTF-8; the pieces are valid UTF-8 too. `at_start`: `text` begins where the whole
  /// text does.
  [[nodiscard]] Pieces split(std::string_view text, bool at_start = true) const;

  /// Whether `at_start` makes a difference.
  [[nodiscard]] bool asks_for_start() const;

  [[nodiscard]] const std::vector<PreTokenizerStep>& steps() const { return steps_; }

 private:
  std::vector<PreTokenizerStep> steps_;
};

/// Reads tokenizer.json's "pre_tokenizer": null, one, or a Sequence of them. Throws Error.
PreTokenizer read_pre_tokenizer(const JsonNode& node);

}  // namespace normscope::tokenizer

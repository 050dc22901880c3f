#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"
#include "tokenizer/models/vocabulary.h"

namespace normscope::tokenizer {

struct WordPieceOptions {
  std::string unk_token = "[UNK]";
  std::string continuing_subword_prefix = "##";
  std::size_t max_input_chars_per_word = 100;
};

/// Greedy longest-match-first (Wu et al. 2016), as in `tokenizers`.
class WordPiece {
 public:
  static constexpr std::string_view kType = "WordPiece";
  static WordPiece read(const JsonNode& node);

  /// The vocabulary holds options.unk_token.
  WordPiece(Vocabulary vocabulary, WordPieceOptions options);

  /// Appends the ids of a word's pieces, or only the unknown token's id if the word is too long or
  /// cannot be pieced together.
  void append(std::string_view word, std::vector<TokenId>& ids) const;

  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  Vocabulary vocabulary_;
  WordPieceOptions options_;
  std::uint64_t prefix_hash_;
  TokenId unknown_;
};

}  // namespace normscope::tokenizer

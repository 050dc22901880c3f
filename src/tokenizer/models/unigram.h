#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"
#include "tokenizer/models/byte_tokens.h"
#include "tokenizer/models/token_trie.h"
#include "tokenizer/models/vocabulary.h"

namespace normscope::tokenizer {

/// The segmentation with the highest sum of scores (Kudo 2018), as `tokenizers` finds it: sums in
/// double precision from left to right, and the first of those that are equal.
class Unigram {
 public:
  static constexpr std::string_view kType = "Unigram";
  static Unigram read(const JsonNode& node);

  /// `scores[id]` is the score of `tokens[id]`; `unknown` is one of them. With `byte_fallback` an
  /// unknown stretch becomes its bytes' tokens if the vocabulary has all of them.
  Unigram(std::vector<std::string> tokens, std::vector<double> scores, TokenId unknown,
          bool byte_fallback);

  /// Uses another unknown token, without byte_fallback. Throws Error that names `file` if there is
  /// no such token.
  void set_unknown(TokenId unknown, const std::filesystem::path& file);

  void append(std::string_view piece, std::vector<TokenId>& ids) const;

  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }
  [[nodiscard]] const std::vector<double>& scores() const { return scores_; }

 private:
  void append_unknown(std::string_view stretch, std::vector<TokenId>& ids) const;

  Vocabulary vocabulary_;
  std::vector<double> scores_;
  TokenTrie trie_;
  ByteTokens bytes_;
  double unknown_score_;
  TokenId unknown_;
  bool byte_fallback_;
};

}  // namespace normscope::tokenizer

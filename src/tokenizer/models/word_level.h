#pragma once

#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"
#include "tokenizer/models/vocabulary.h"

namespace normscope::tokenizer {

/// Each piece is one token, or unknown.
class WordLevel {
 public:
  static constexpr std::string_view kType = "WordLevel";
  static WordLevel read(const JsonNode& node);

  WordLevel(Vocabulary vocabulary, TokenId unknown);

  void append(std::string_view piece, std::vector<TokenId>& ids) const;

  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  Vocabulary vocabulary_;
  TokenId unknown_;
};

}  // namespace normscope::tokenizer

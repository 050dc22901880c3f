#include "tokenizer/models/word_level.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace normscope::tokenizer {

WordLevel WordLevel::read(const JsonNode& node) {
  Vocabulary vocabulary = read_vocabulary(node.at("vocab"));
  const std::string& unk_token = node.at("unk_token").string();
  const std::optional<TokenId> unknown = vocabulary.find(unk_token);
  if (!unknown) node.fail(fmt::format("the vocabulary lacks the unknown token {}", unk_token));
  return {std::move(vocabulary), *unknown};
}

WordLevel::WordLevel(Vocabulary vocabulary, TokenId unknown)
    : vocabulary_(std::move(vocabulary)), unknown_(unknown) {}

void WordLevel::append(std::string_view piece, std::vector<TokenId>& ids) const {
  ids.push_back(vocabulary_.find(piece).value_or(unknown_));
}

}  // namespace normscope::tokenizer

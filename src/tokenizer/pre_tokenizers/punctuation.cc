#include "tokenizer/pre_tokenizers/punctuation.h"

#include "tokenizer/pre_tokenizers/character_stretches.h"

namespace normscope::tokenizer {

Punctuation Punctuation::read(const JsonNode& node) {
  Punctuation punctuation;
  if (const JsonNode behavior = node.at("behavior"); !behavior.is_null()) {
    punctuation.behavior = read_split_behavior(behavior);
  }
  return punctuation;
}

void Punctuation::split(std::string_view text, Pieces& pieces) const {
  tokenizer::split(text, character_stretches(text, unicode::kPunctuation), behavior, pieces);
}

}  // namespace normscope::tokenizer

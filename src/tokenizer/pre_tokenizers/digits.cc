#include "tokenizer/pre_tokenizers/digits.h"

#include "tokenizer/pre_tokenizers/character_stretches.h"
#include "tokenizer/pre_tokenizers/split_behavior.h"

namespace normscope::tokenizer {

Digits Digits::read(const JsonNode& node) {
  return {.individual_digits = node.at("individual_digits").boolean()};
}

void Digits::split(std::string_view text, Pieces& pieces) const {
  tokenizer::split(text, character_stretches(text, unicode::kNumeric),
                   individual_digits ? SplitBehavior::isolated : SplitBehavior::contiguous, pieces);
}

}  // namespace normscope::tokenizer

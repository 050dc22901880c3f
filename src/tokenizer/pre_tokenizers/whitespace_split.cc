#include "tokenizer/pre_tokenizers/whitespace_split.h"

#include "tokenizer/pre_tokenizers/character_stretches.h"

namespace normscope::tokenizer {

void WhitespaceSplit::split(std::string_view text, Pieces& pieces) const {
  tokenizer::split(text, character_stretches(text, unicode::kSpace), SplitBehavior::removed,
                   pieces);
}

}  // namespace normscope::tokenizer

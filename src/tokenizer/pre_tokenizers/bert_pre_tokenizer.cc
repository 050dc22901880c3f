#include "tokenizer/pre_tokenizers/bert_pre_tokenizer.h"

namespace normscope::tokenizer {

void BertPreTokenizer::split(std::string_view text, Pieces& pieces) const {
  for_each_word(text, [&](std::string_view word) { pieces.add(word); });
}

}  // namespace normscope::tokenizer

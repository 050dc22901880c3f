#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

#include <cstddef>
#include <utility>

#include "tokenizer/read_sequence.h"

namespace normscope::tokenizer {

Pieces PreTokenizer::split(std::string_view text) const {
  Pieces pieces;
  pieces.add(text);
  Pieces before;
  for (const PreTokenizerStep& step : steps_) {
    std::swap(before, pieces);
    pieces.clear();
    std::visit(
        [&](const auto& pre_tokenizer) {
          for (std::size_t i = 0; i < before.size(); ++i) pre_tokenizer.split(before[i], pieces);
        },
        step);
  }
  return pieces;
}

PreTokenizer read_pre_tokenizer(const JsonNode& node) {
  return PreTokenizer(read_sequence<PreTokenizerStep>(node, "pre-tokenizer", "pretokenizers"));
}

}  // namespace normscope::tokenizer

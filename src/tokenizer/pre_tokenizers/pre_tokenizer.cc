#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "tokenizer/read_sequence.h"

namespace normscope::tokenizer {

Pieces PreTokenizer::split(std::string_view text, bool at_start) const {
  Pieces pieces;
  pieces.from(text, at_start);
  pieces.add(text);
  Pieces before;
  for (const PreTokenizerStep& step : steps_) {
    std::swap(before, pieces);
    pieces.clear();
    std::visit(
        [&](const auto& pre_tokenizer) {
          for (std::size_t i = 0; i < before.size(); ++i) {
            pieces.from(before[i], i == 0 && before.at_start());
            pre_tokenizer.split(before[i], pieces);
          }
        },
        step);
  }
  return pieces;
}

bool PreTokenizer::asks_for_start() const {
  return std::any_of(steps_.begin(), steps_.end(), [](const PreTokenizerStep& step) {
    const auto* metaspace = std::get_if<Metaspace>(&step);
    return metaspace != nullptr && metaspace->prepend == Metaspace::Prepend::first;
  });
}

PreTokenizer read_pre_tokenizer(const JsonNode& node) {
  return PreTokenizer(read_sequence<PreTokenizerStep>(node, "pre-tokenizer", "pretokenizers"));
}

}  // namespace normscope::tokenizer

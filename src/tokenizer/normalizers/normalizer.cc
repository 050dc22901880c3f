#include "tokenizer/normalizers/normalizer.h"

#include "tokenizer/read_sequence.h"

namespace normscope {

std::string Normalizer::normalize(std::string_view text) const {
  std::string normalized(text);
  std::string before;
  for (const NormalizerStep& step : steps_) {
    std::swap(before, normalized);
    normalized.clear();
    std::visit([&](const auto& normalizer) { normalizer.normalize(before, normalized); }, step);
  }
  return normalized;
}

Normalizer read_normalizer(const JsonNode& node) {
  return Normalizer(read_sequence<NormalizerStep>(node, "normalizer", "normalizers"));
}

}  // namespace normscope

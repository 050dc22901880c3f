#include "tokenizer/normalizers/normalizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tokenizer/read_sequence.h"

namespace normscope::tokenizer {
namespace {

// Replacements one after the other could make a short text larger than the memory.
constexpr double kMostGrowth = 64;

}  // namespace

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
  auto steps = read_sequence<NormalizerStep>(node, "normalizer", "normalizers");
  double growth = 1;
  for (const NormalizerStep& step : steps) {
    if (const auto* replace = std::get_if<Replace>(&step)) {
      growth *= std::max(1.0, static_cast<double>(replace->content.size()) /
                                  static_cast<double>(replace->pattern.size()));
    }
  }
  if (growth > kMostGrowth)
    node.fail(fmt::format("lets a text grow more than {} times", kMostGrowth));
  return Normalizer(std::move(steps));
}

}  // namespace normscope::tokenizer

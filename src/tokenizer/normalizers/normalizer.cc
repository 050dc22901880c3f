#include "tokenizer/normalizers/normalizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "normscope/error.h"
#include "tokenizer/read_sequence.h"
#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
namespace {

// Steps one after the other could make a short text larger than the memory.
constexpr double kMostGrowth = 64;
constexpr std::size_t kSpareBytes = std::size_t{64} << 10U;

void check_growth(std::string_view text, std::string_view normalized) {
  if (static_cast<double>(normalized.size()) <=
      kMostGrowth * static_cast<double>(text.size()) + static_cast<double>(kSpareBytes)) {
    return;
  }
  throw Error("normalizer", fmt::format("lets a text grow more than {} times", kMostGrowth));
}

bool keeps_start(const NormalizerStep& step, std::string_view text) {
  // The reference says so whatever it removes.
  if (std::holds_alternative<Precompiled>(step) || text.empty()) return true;
  if (const auto* replace = std::get_if<Replace>(&step)) {
    return !replace->content.empty() || replace->pattern.find(text, 0).begin > 0;
  }
  std::size_t end = 0;
  unicode::next(text, end);
  std::string normalized;
  std::visit([&](const auto& of) { of.normalize(text.substr(0, end), normalized); }, step);
  return !normalized.empty();
}

}  // namespace

std::string Normalizer::normalize(std::string_view text) const {
  std::string normalized(text);
  std::string before;
  for (const NormalizerStep& step : steps_) {
    std::swap(before, normalized);
    normalized.clear();
    std::visit([&](const auto& normalizer) { normalizer.normalize(before, normalized); }, step);
    check_growth(text, normalized);
  }
  return normalized;
}

bool Normalizer::keeps_start(std::string_view text) const {
  std::string before(text);
  std::string normalized;
  for (const NormalizerStep& step : steps_) {
    if (!tokenizer::keeps_start(step, before)) return false;
    normalized.clear();
    std::visit([&](const auto& normalizer) { normalizer.normalize(before, normalized); }, step);
    check_growth(text, normalized);
    std::swap(before, normalized);
  }
  return true;
}

Normalizer read_normalizer(const JsonNode& node) {
  auto steps = read_sequence<NormalizerStep>(node, "normalizer", "normalizers");
  double growth = 1;
  for (const NormalizerStep& step : steps) {
    if (const auto* replace = std::get_if<Replace>(&step)) {
      growth *= std::max(1.0, static_cast<double>(replace->content.size()) /
                                  static_cast<double>(replace->pattern.shortest()));
    }
  }
  if (growth > kMostGrowth)
    node.fail(fmt::format("lets a text grow more than {} times", kMostGrowth));
  return Normalizer(std::move(steps));
}

}  // namespace normscope::tokenizer

#include "analysis/isotonic.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/correlation_ratio.h"
#include "analysis/moments.h"

namespace normscope {
namespace {

/// Points that share one value of the fitted function.
struct Block {
  Real weight = 0;
  Real mean = 0;
};

void pool(Block& into, const Block& from) {
  into.weight += from.weight;
  into.mean += (from.mean - into.mean) * from.weight / into.weight;
}

/// Σ weight · mean² of the best rising function: the part of Σ y² that it explains. Means are taken
/// from y's own mean.
Real explained_rising(std::span<const Block> groups) {
  std::vector<Block> blocks;
  for (const Block& group : groups) {
    blocks.push_back(group);
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean >= blocks.back().mean) {
      const Block last = blocks.back();
      blocks.pop_back();
      pool(blocks.back(), last);
    }
  }
  Real explained = 0;
  for (const Block& block : blocks) explained += block.weight * block.mean * block.mean;
  return explained;
}

}  // namespace

std::optional<MonotoneFit> fit_monotone(std::span<const double> x, std::span<const double> y) {
  if (y.empty() || all_equal(y)) return std::nullopt;
  const std::vector<std::uint32_t> groups = group_by_value(x);
  std::vector<Block> means(std::size_t{*std::ranges::max_element(groups)} + 1);
  const Real mean = mean_of(y);
  Real total = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const Real deviation = y[i] - mean;
    total += deviation * deviation;
    pool(means[groups[i]], {.weight = 1, .mean = deviation});
  }
  const Real rising = explained_rising(means);
  std::ranges::reverse(means);
  const Real falling = explained_rising(means);
  const Real best = std::clamp(std::max(rising, falling) / total, Real(0), Real(1));
  return MonotoneFit{.increasing = rising >= falling, .r_squared = static_cast<double>(best)};
}

}  // namespace normscope

#include "analysis/funnel.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "analysis/correlation_ratio.h"
#include "analysis/distribution.h"
#include "analysis/moments.h"

namespace normscope {

std::vector<FunnelBin> funnel(std::span<const double> property, std::span<const double> statistic,
                              std::uint64_t bins) {
  constexpr std::array kProbabilities{0.05, 0.25, 0.5, 0.75, 0.95};
  if (property.empty()) return {};
  const std::vector<std::uint32_t> groups = group_into_bins(property, bins);
  struct Members {
    std::vector<double> property;
    std::vector<double> statistic;
  };
  std::vector<Members> members(std::size_t{*std::ranges::max_element(groups)} + 1);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    members[groups[i]].property.push_back(property[i]);
    members[groups[i]].statistic.push_back(statistic[i]);
  }
  std::vector<FunnelBin> result;
  for (Members& bin : members) {
    std::ranges::sort(bin.statistic);
    const auto [low, high] = std::ranges::minmax(bin.property);
    const Distribution distribution = describe(bin.statistic);
    result.push_back({.low = low,
                      .high = high,
                      .count = bin.property.size(),
                      .mean_property = static_cast<double>(mean_of(bin.property)),
                      .mean = distribution.mean,
                      .standard_deviation = distribution.standard_deviation,
                      .quantiles = {}});
    for (const double probability : kProbabilities) {
      result.back().quantiles.push_back(
          {.probability = probability, .value = quantile(bin.statistic, probability)});
    }
  }
  return result;
}

}  // namespace normscope

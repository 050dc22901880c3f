#include "analysis/distribution.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "analysis/moments.h"

namespace normscope {

double quantile(std::span<const double> sorted, double probability) {
  const double position = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], position - static_cast<double>(below));
}

Distribution describe(std::span<const double> sorted) {
  constexpr std::array kProbabilities{0.0,  0.001, 0.01,  0.025, 0.05,  0.25, 0.5,
                                      0.75, 0.95,  0.975, 0.99,  0.999, 1.0};
  const Real mean = mean_of(sorted);
  Distribution distribution{
      .mean = static_cast<double>(mean), .standard_deviation = std::nullopt, .quantiles = {}};
  if (sorted.size() > 1) {
    Real squares = 0;
    for (const double value : sorted) squares += (value - mean) * (value - mean);
    distribution.standard_deviation =
        static_cast<double>(std::sqrt(squares / static_cast<Real>(sorted.size() - 1)));
  }
  for (const double probability : kProbabilities) {
    distribution.quantiles.push_back(
        {.probability = probability, .value = quantile(sorted, probability)});
  }
  return distribution;
}

}  // namespace normscope

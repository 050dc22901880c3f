#include "analysis/spread.h"

#include <cmath>

#include "analysis/moments.h"

namespace normscope {

Spread spread_of(std::span<const double> values, std::optional<double> magnitude,
                 double precision) {
  if (values.empty()) return {};
  const Real mean = mean_of(values);
  Spread spread{.mean = static_cast<double>(mean),
                .standard_deviation = {},
                .coefficient_of_variation = {},
                .rounding = false};
  if (values.size() < 2) return spread;
  Real squares = 0;
  // The mean of equal values may be off by rounding.
  if (!all_equal(values)) {
    for (const double value : values) squares += (value - mean) * (value - mean);
  }
  const auto deviation =
      static_cast<double>(std::sqrt(squares / static_cast<Real>(values.size() - 1)));
  spread.standard_deviation = deviation;
  if (spread.mean != 0) {
    const double relative = deviation / std::abs(spread.mean);
    if (std::isfinite(relative)) spread.coefficient_of_variation = relative;
  }
  spread.rounding = deviation <= precision * std::abs(magnitude.value_or(spread.mean));
  return spread;
}

}  // namespace normscope

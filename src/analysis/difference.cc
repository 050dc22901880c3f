#include "analysis/difference.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/distribution.h"

namespace normscope {
namespace {

/// The 0.975 quantile of the standard normal.
constexpr double kNormalQuantile = 1.959963984540054;

double normal_p_value(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

}  // namespace

Difference independent_difference(const Estimate& first, const Estimate& second) {
  Difference difference;
  const double value = second.value - first.value;
  difference.estimate.value = value;
  if (!first.interval || !second.interval) return difference;
  const Interval& f = *first.interval;
  const Interval& s = *second.interval;
  const double down = std::hypot(second.value - s.low, f.high - first.value);
  const double up = std::hypot(s.high - second.value, first.value - f.low);
  difference.estimate.interval = Interval{.low = value - down, .high = value + up};
  if (first.standard_error && second.standard_error) {
    difference.estimate.standard_error = std::hypot(*first.standard_error, *second.standard_error);
  }
  const double reach = value > 0 ? down : up;
  difference.p_value = value == 0 ? 1 : normal_p_value(kNormalQuantile * value / reach);
  return difference;
}

Difference resampled_difference(double value, std::vector<double> resamples) {
  Difference difference;
  difference.estimate.value = value;
  if (std::ranges::any_of(resamples, [](double d) { return std::isnan(d); })) return difference;
  std::ranges::sort(resamples);
  const auto count = static_cast<double>(resamples.size());
  const auto [zero, above] = std::equal_range(resamples.begin(), resamples.end(), 0.0);
  const auto not_above = static_cast<double>(above - resamples.begin());
  const auto not_below = static_cast<double>(resamples.end() - zero);
  difference.estimate.standard_error = describe(resamples).standard_deviation;
  difference.estimate.interval =
      Interval{.low = quantile(resamples, 0.025), .high = quantile(resamples, 0.975)};
  difference.p_value = std::min(1.0, 2 * (1 + std::min(not_above, not_below)) / (1 + count));
  return difference;
}

}  // namespace normscope

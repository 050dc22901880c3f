#include "analysis/correlation_interval.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>

namespace normscope {

Estimate correlation_estimate(Real r, std::span<const Real> leave_one_out, Real degrees_of_freedom,
                              double confidence) {
  Estimate estimate{
      .value = static_cast<double>(r), .standard_error = std::nullopt, .interval = std::nullopt};
  if (degrees_of_freedom < 1) return estimate;
  if (1 - std::abs(r) < kRounding) {
    estimate.standard_error = 0;
    estimate.interval = Interval{.low = estimate.value, .high = estimate.value};
    return estimate;
  }
  Real mean = 0;
  Real squares = 0;
  for (std::size_t i = 0; i < leave_one_out.size(); ++i) {
    if (!(1 - std::abs(leave_one_out[i]) >= kRounding)) return estimate;
    const Real z = std::atanh(leave_one_out[i]);
    const Real step = z - mean;
    mean += step / static_cast<Real>(i + 1);
    squares += step * (z - mean);
  }
  const Real n = static_cast<Real>(leave_one_out.size());
  const Real error = std::sqrt(squares * (n - 1) / n);
  // If leaving out any sentence changes nothing, the jackknife says nothing about the error.
  if (error < kRounding) return estimate;
  const boost::math::students_t_distribution<double> t(static_cast<double>(degrees_of_freedom));
  const Real reach =
      boost::math::quantile(boost::math::complement(t, (1 - confidence) / 2)) * error;
  estimate.standard_error = static_cast<double>((1 - r * r) * error);
  estimate.interval = Interval{.low = static_cast<double>(std::tanh(std::atanh(r) - reach)),
                               .high = static_cast<double>(std::tanh(std::atanh(r) + reach))};
  return estimate;
}

Estimate squared(const Estimate& correlation) {
  const double r = correlation.value;
  Estimate square{.value = r * r, .standard_error = std::nullopt, .interval = std::nullopt};
  if (correlation.standard_error) {
    square.standard_error = 2 * std::abs(r) * *correlation.standard_error;
  }
  if (correlation.interval) {
    const auto [low, high] = *correlation.interval;
    const double nearest = low < 0 && high > 0 ? 0 : std::min(std::abs(low), std::abs(high));
    const double farthest = std::max(std::abs(low), std::abs(high));
    square.interval = Interval{.low = nearest * nearest, .high = farthest * farthest};
  }
  return square;
}

}  // namespace normscope

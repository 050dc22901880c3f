#include "analysis/regression.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>

#include "analysis/moments.h"

namespace normscope {
namespace {

/// Below this a leverage of 1 - h, or a part of a sum of squares, is what rounding leaves of 0.
constexpr Real kRounding = 1e-15L;

struct CentredSums {
  Real n = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
};

CentredSums centred_sums(std::span<const double> x, std::span<const double> y) {
  CentredSums sums{.n = static_cast<Real>(x.size()), .mean_x = mean_of(x), .mean_y = mean_of(y)};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Real dx = x[i] - sums.mean_x;
    const Real dy = y[i] - sums.mean_y;
    sums.xx += dx * dx;
    sums.xy += dx * dy;
    sums.yy += dy * dy;
  }
  return sums;
}

/// Of how many standard errors an interval of this confidence reaches to either side.
Real t_quantile(Real degrees_of_freedom, double confidence = 0.95) {
  const boost::math::students_t_distribution<double> t(static_cast<double>(degrees_of_freedom));
  return boost::math::quantile(boost::math::complement(t, (1 - confidence) / 2));
}

Estimate with_error(Real value, Real standard_error, Real quantile) {
  return {.value = static_cast<double>(value),
          .standard_error = static_cast<double>(standard_error),
          .interval = Interval{.low = static_cast<double>(value - quantile * standard_error),
                               .high = static_cast<double>(value + quantile * standard_error)}};
}

Estimate without_error(Real value) {
  return {.value = static_cast<double>(value),
          .standard_error = std::nullopt,
          .interval = std::nullopt};
}

/// HC3: the sandwich estimator with each squared residual divided by (1 - leverage)².
void estimate_line(std::span<const double> x, std::span<const double> y, const CentredSums& sums,
                   Regression& regression) {
  const Real slope = sums.xy / sums.xx;
  const Real intercept = sums.mean_y - slope * sums.mean_x;
  regression.slope = without_error(slope);
  regression.intercept = without_error(intercept);
  if (sums.n < 3) return;

  Real slope_variance = 0;
  Real intercept_variance = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Real dx = x[i] - sums.mean_x;
    const Real to_slope = dx / sums.xx;
    const Real to_intercept = 1 / sums.n - sums.mean_x * to_slope;
    const Real rest = 1 - 1 / sums.n - dx * to_slope;
    if (rest < kRounding) return;
    const Real residual = (y[i] - sums.mean_y - slope * dx) / rest;
    slope_variance += to_slope * to_slope * residual * residual;
    intercept_variance += to_intercept * to_intercept * residual * residual;
  }
  const Real quantile = t_quantile(sums.n - 2);
  regression.slope = with_error(slope, std::sqrt(slope_variance), quantile);
  regression.intercept = with_error(intercept, std::sqrt(intercept_variance), quantile);
}

/// The jackknife of atanh(r): r without each point in turn, from the centred sums (Efron 1982).
std::optional<Real> standard_error_of_atanh_r(std::span<const double> x, std::span<const double> y,
                                              const CentredSums& sums) {
  if (sums.n < 4) return std::nullopt;
  const Real removal = sums.n / (sums.n - 1);
  Real mean = 0;
  Real squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Real dx = x[i] - sums.mean_x;
    const Real dy = y[i] - sums.mean_y;
    const Real xx = sums.xx - removal * dx * dx;
    const Real yy = sums.yy - removal * dy * dy;
    const Real xy = sums.xy - removal * dx * dy;
    if (xx <= kRounding * sums.xx || yy <= kRounding * sums.yy) return std::nullopt;
    const Real r = xy / std::sqrt(xx) / std::sqrt(yy);
    if (1 - std::abs(r) < kRounding) return std::nullopt;
    const Real z = std::atanh(r);
    const Real step = z - mean;
    mean += step / static_cast<Real>(i + 1);
    squares += step * (z - mean);
  }
  return std::sqrt(squares * (sums.n - 1) / sums.n);
}

Estimate estimate_r_squared(std::span<const double> x, std::span<const double> y,
                            const CentredSums& sums, double confidence) {
  const Real r = std::clamp(sums.xy / std::sqrt(sums.xx) / std::sqrt(sums.yy), Real(-1), Real(1));
  Estimate estimate = without_error(r * r);
  if (sums.n < 3) return estimate;
  if (1 - std::abs(r) < kRounding) {
    estimate.standard_error = 0;
    estimate.interval = Interval{.low = estimate.value, .high = estimate.value};
    return estimate;
  }
  const std::optional<Real> error = standard_error_of_atanh_r(x, y, sums);
  if (!error) return estimate;
  const Real reach = t_quantile(sums.n - 2, confidence) * *error;
  const Real low = std::tanh(std::atanh(r) - reach);
  const Real high = std::tanh(std::atanh(r) + reach);
  const Real nearest = low < 0 && high > 0 ? 0 : std::min(std::abs(low), std::abs(high));
  const Real farthest = std::max(std::abs(low), std::abs(high));
  estimate.standard_error = static_cast<double>(2 * std::abs(r) * (1 - r * r) * *error);
  estimate.interval = Interval{.low = static_cast<double>(nearest * nearest),
                               .high = static_cast<double>(farthest * farthest)};
  return estimate;
}

}  // namespace

std::optional<Regression> fit_line(std::span<const double> x, std::span<const double> y,
                                   double r_squared_confidence) {
  if (all_equal(x) || all_equal(y)) return std::nullopt;
  const CentredSums sums = centred_sums(x, y);
  Regression regression;
  estimate_line(x, y, sums, regression);
  regression.r_squared = estimate_r_squared(x, y, sums, r_squared_confidence);
  return regression;
}

}  // namespace normscope

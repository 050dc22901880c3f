#include "analysis/regression.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <vector>

#include "analysis/correlation_interval.h"
#include "analysis/finite.h"
#include "analysis/moments.h"

namespace normscope {
namespace {

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

Real t_quantile(Real degrees_of_freedom) {
  const boost::math::students_t_distribution<double> t(static_cast<double>(degrees_of_freedom));
  return boost::math::quantile(t, 0.975);
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

/// r without each point in turn, from the centred sums; NaN if the others make none.
std::vector<Real> leave_one_out(std::span<const double> x, std::span<const double> y,
                                const CentredSums& sums) {
  const Real removal = sums.n / (sums.n - 1);
  std::vector<Real> correlations;
  correlations.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Real dx = x[i] - sums.mean_x;
    const Real dy = y[i] - sums.mean_y;
    const Real xx = sums.xx - removal * dx * dx;
    const Real yy = sums.yy - removal * dy * dy;
    const Real xy = sums.xy - removal * dx * dy;
    const bool varies = xx > kRounding * sums.xx && yy > kRounding * sums.yy;
    correlations.push_back(varies ? xy / std::sqrt(xx) / std::sqrt(yy)
                                  : std::numeric_limits<Real>::quiet_NaN());
  }
  return correlations;
}

Estimate estimate_r_squared(std::span<const double> x, std::span<const double> y,
                            const CentredSums& sums, double confidence) {
  const Real r = std::clamp(sums.xy / std::sqrt(sums.xx) / std::sqrt(sums.yy), Real(-1), Real(1));
  return squared(correlation_estimate(r, leave_one_out(x, y, sums), sums.n - 2, confidence));
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

std::optional<Estimate> line_r_squared(std::span<const double> x, std::span<const double> y,
                                       double confidence) {
  if (x.size() != y.size()) throw std::invalid_argument("as many x as y");
  check_finite(x, "x");
  check_finite(y, "y");
  if (!(confidence > 0 && confidence < 1)) {
    throw std::invalid_argument("confidence must lie in (0, 1)");
  }
  if (all_equal(x) || all_equal(y)) return std::nullopt;
  return estimate_r_squared(x, y, centred_sums(x, y), confidence);
}

}  // namespace normscope

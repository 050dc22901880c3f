#include "analysis/bootstrap.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/correlation_interval.h"
#include "analysis/distribution.h"
#include "analysis/moments.h"
#include "analysis/stopped.h"
#include "base/random.h"

namespace normscope {
namespace {

/// A variance that is a smaller part of the second moment than this is a 0 with rounding errors.
constexpr double kDegenerate = 1e-12;

/// A point's contributions to the sums that r is computed from, scaled to mean 0 and variance 1.
struct Parts {
  double x = 0, y = 0, xx = 0, xy = 0, yy = 0;

  Parts& operator+=(const Parts& other) {
    x += other.x, y += other.y, xx += other.xx, xy += other.xy, yy += other.yy;
    return *this;
  }
};

std::vector<double> standardised(std::span<const double> values) {
  const Real mean = mean_of(values);
  Real squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const Real scale = std::sqrt(squares / static_cast<Real>(values.size()));
  std::vector<double> result;
  result.reserve(values.size());
  for (const double value : values) result.push_back(static_cast<double>((value - mean) / scale));
  return result;
}

/// r of `n` points, or nothing if they do not vary.
std::optional<double> correlation(const Parts& sum, double n) {
  const double xx = sum.xx - sum.x * sum.x / n;
  const double yy = sum.yy - sum.y * sum.y / n;
  if (xx <= kDegenerate * sum.xx || yy <= kDegenerate * sum.yy) return std::nullopt;
  return std::clamp((sum.xy - sum.x * sum.y / n) / std::sqrt(xx * yy), -1.0, 1.0);
}

double standard_deviation_of_squares(std::span<const double> values) {
  std::vector<double> squares;
  for (const double value : values) squares.push_back(value * value);
  return describe(squares).standard_deviation.value_or(0);
}

}  // namespace

Interval bca_interval(std::span<const double> sorted_replicates, double estimate,
                      std::span<const double> leave_one_out) {
  if (sorted_replicates.front() == sorted_replicates.back()) {
    return {.low = sorted_replicates.front(), .high = sorted_replicates.front()};
  }
  const Real mean = mean_of(leave_one_out);
  Real squares = 0;
  Real cubes = 0;
  for (const double value : leave_one_out) {
    const Real d = mean - value;
    squares += d * d;
    cubes += d * d * d;
  }
  const double acceleration =
      squares > 0 ? static_cast<double>(cubes / (6 * squares * std::sqrt(squares))) : 0;

  const auto [equal, above] =
      std::equal_range(sorted_replicates.begin(), sorted_replicates.end(), estimate);
  const auto count = static_cast<double>(sorted_replicates.size());
  const double below = static_cast<double>(equal - sorted_replicates.begin()) +
                       static_cast<double>(above - equal) / 2;
  const boost::math::normal_distribution<double> normal;
  // At the ends, the bias is as large as this many replicates can show.
  const double share = std::clamp(below / count, 0.5 / count, 1 - 0.5 / count);
  const double bias = boost::math::quantile(normal, share);
  const auto end = [&](double probability) {
    const double z = bias + boost::math::quantile(normal, probability);
    const double bend = 1 - acceleration * z;
    // Past the pole the corrected quantile is the last one.
    if (bend <= 0) return z > 0 ? sorted_replicates.back() : sorted_replicates.front();
    return quantile(sorted_replicates, boost::math::cdf(normal, bias + z / bend));
  };
  return {.low = end(0.025), .high = end(0.975)};
}

std::optional<Estimate> bootstrap_r_squared(std::span<const double> x, std::span<const double> y,
                                            std::uint32_t resamples, std::uint64_t seed,
                                            const std::stop_token& stop) {
  if (x.size() < 4 || all_equal(x) || all_equal(y)) return std::nullopt;
  const std::vector<double> x_scaled = standardised(x);
  const std::vector<double> y_scaled = standardised(y);
  std::vector<Parts> points;
  points.reserve(x.size());
  Parts total;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = x_scaled[i];
    const double b = y_scaled[i];
    points.push_back({.x = a, .y = b, .xx = a * a, .xy = a * b, .yy = b * b});
    total += points.back();
  }
  const auto n = static_cast<double>(x.size());
  const std::optional<double> r = correlation(total, n);
  if (!r) return std::nullopt;
  Estimate estimate{.value = *r, .standard_error = std::nullopt, .interval = std::nullopt};

  std::vector<double> without;
  without.reserve(points.size());
  for (const Parts& p : points) {
    const std::optional<double> left = correlation({.x = total.x - p.x,
                                                    .y = total.y - p.y,
                                                    .xx = total.xx - p.xx,
                                                    .xy = total.xy - p.xy,
                                                    .yy = total.yy - p.yy},
                                                   n - 1);
    if (!left) return squared(estimate);
    without.push_back(*left);
  }

  std::vector<double> replicates;
  replicates.reserve(resamples);
  for (std::uint32_t resample = 0; resample < resamples; ++resample) {
    Random random(seed, resample);
    std::optional<double> replicate;
    // A resample without a correlation is drawn again; four points are enough for one to have it.
    while (!replicate) {
      check_stop(stop);
      Parts sum;
      for (std::size_t i = 0; i < points.size(); ++i) sum += points[random.below(points.size())];
      replicate = correlation(sum, n);
    }
    replicates.push_back(*replicate);
  }
  std::ranges::sort(replicates);
  estimate.interval = bca_interval(replicates, *r, without);
  estimate = squared(estimate);
  estimate.standard_error = standard_deviation_of_squares(replicates);
  return estimate;
}

}  // namespace normscope

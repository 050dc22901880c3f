#include "analysis/rank_correlation.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include "analysis/correlation_interval.h"
#include "analysis/correlation_ratio.h"
#include "analysis/moments.h"
#include "analysis/stopped.h"

namespace normscope {
namespace {

using enum Neighbours::Side;

constexpr Real kUndefined = std::numeric_limits<Real>::quiet_NaN();

Real in_x(const Neighbours& point, Neighbours::Side side) {
  const auto& row = point.counts[side];
  return static_cast<Real>(row[kBelow] + row[kLevel] + row[kAbove]);
}

Real in_y(const Neighbours& point, Neighbours::Side side) {
  Real sum = 0;
  for (const auto& row : point.counts) sum += static_cast<Real>(row[side]);
  return sum;
}

Real cube(Real x) { return x * x * x; }

/// 12 times the sum of squares about the mean that the ranks of n values lose to ties is
/// Σ (t³ - t) over the ties; over their t members that is a sum of t² - 1 each.
Real tie_loss(Real others_level) {
  const Real t = others_level + 1;
  return t * t - 1;
}

/// Sums of `values` over the points whose group is above each group, and over the group itself.
struct SumsAbove {
  std::vector<Real> above;
  std::vector<Real> own;
};

SumsAbove sums_above(std::span<const std::uint32_t> groups, std::span<const Real> values) {
  const std::size_t count = std::size_t{*std::ranges::max_element(groups)} + 1;
  SumsAbove sums{.above = std::vector<Real>(count), .own = std::vector<Real>(count)};
  for (std::size_t i = 0; i < groups.size(); ++i) sums.own[groups[i]] += values[i];
  for (std::size_t group = count - 1; group > 0; --group) {
    sums.above[group - 1] = sums.above[group] + sums.own[group];
  }
  return sums;
}

/// By how much Σ x_rank y_rank falls if point i is removed: ranks above it fall by 1, equal ones by
/// 1/2.
Real fall(const SumsAbove& sums, std::uint32_t group, Real own) {
  return sums.above[group] + (sums.own[group] - own) / 2;
}

Real ratio(Real covariance, Real x_variance, Real y_variance) {
  if (x_variance <= 0 || y_variance <= 0) return kUndefined;
  return std::clamp(covariance / std::sqrt(x_variance) / std::sqrt(y_variance), Real{-1}, Real{1});
}

}  // namespace

std::optional<RankCorrelation> spearman(std::span<const double> x, std::span<const double> y,
                                        std::span<const Neighbours> points,
                                        const std::stop_token& stop) {
  if (all_equal(x) || all_equal(y)) return std::nullopt;
  const Real n = static_cast<Real>(points.size());
  std::vector<Real> x_rank;
  std::vector<Real> y_rank;
  Real products = 0;
  Real x_loss = 0;
  Real y_loss = 0;
  for (const Neighbours& point : points) {
    x_rank.push_back(in_x(point, kBelow) + in_x(point, kLevel) / 2 + 1);
    y_rank.push_back(in_y(point, kBelow) + in_y(point, kLevel) / 2 + 1);
    products += x_rank.back() * y_rank.back();
    x_loss += tie_loss(in_x(point, kLevel));
    y_loss += tie_loss(in_y(point, kLevel));
  }
  const auto correlation = [](Real count, Real product_sum, Real x_ties, Real y_ties) {
    const Real mean = (count + 1) / 2;
    const Real squares = cube(count) - count;
    return ratio(product_sum - count * mean * mean, (squares - x_ties) / 12,
                 (squares - y_ties) / 12);
  };
  const Real rho = correlation(n, products, x_loss, y_loss);

  check_stop(stop);
  const std::vector<std::uint32_t> x_group = group_by_value(x);
  check_stop(stop);
  const std::vector<std::uint32_t> y_group = group_by_value(y);
  check_stop(stop);
  const SumsAbove y_ranks_above = sums_above(x_group, y_rank);
  const SumsAbove x_ranks_above = sums_above(y_group, x_rank);
  const auto loss_by = [](Real others_level) {
    const Real t = others_level + 1;
    return 3 * t * (t - 1);  // (t³ - t) - ((t - 1)³ - (t - 1))
  };
  std::vector<Real> without;
  without.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& counts = points[i].counts;
    const Real both = static_cast<Real>(counts[kAbove][kAbove]) +
                      static_cast<Real>(counts[kAbove][kLevel] + counts[kLevel][kAbove]) / 2 +
                      static_cast<Real>(counts[kLevel][kLevel]) / 4;
    const Real rest = products - x_rank[i] * y_rank[i] -
                      fall(y_ranks_above, x_group[i], y_rank[i]) -
                      fall(x_ranks_above, y_group[i], x_rank[i]) + both;
    without.push_back(correlation(n - 1, rest, x_loss - loss_by(in_x(points[i], kLevel)),
                                  y_loss - loss_by(in_y(points[i], kLevel))));
  }
  RankCorrelation result{.estimate = correlation_estimate(rho, without, n - 2), .p_value = 1};
  if (n > 2) {
    if (1 - std::abs(rho) < kRounding) {
      result.p_value = 0;
    } else {
      const boost::math::students_t_distribution<double> t(static_cast<double>(n - 2));
      const Real statistic = std::abs(rho) * std::sqrt((n - 2) / (1 - rho * rho));
      result.p_value =
          2 * boost::math::cdf(boost::math::complement(t, static_cast<double>(statistic)));
    }
  }
  return result;
}

std::optional<RankCorrelation> kendall(std::span<const Neighbours> points) {
  const Real n = static_cast<Real>(points.size());
  const auto excess = [](const Neighbours& point) {
    const auto& counts = point.counts;
    return static_cast<Real>(counts[kBelow][kBelow] + counts[kAbove][kAbove]) -
           static_cast<Real>(counts[kBelow][kAbove] + counts[kAbove][kBelow]);
  };
  // Twice the numbers of pairs: concordant minus discordant, tied in x, tied in y. The other two
  // are Σ t(t - 1)(t - 2) and Σ t(t - 1)(2t + 5) over the ties, for the variance without
  // correlation.
  Real concordant = 0;
  Real x_pairs = 0;
  Real y_pairs = 0;
  Real x_triples = 0;
  Real y_triples = 0;
  Real x_weight = 0;
  Real y_weight = 0;
  for (const Neighbours& point : points) {
    const Real x_level = in_x(point, kLevel);
    const Real y_level = in_y(point, kLevel);
    concordant += excess(point);
    x_pairs += x_level;
    y_pairs += y_level;
    x_triples += x_level * (x_level - 1);
    y_triples += y_level * (y_level - 1);
    x_weight += x_level * (2 * x_level + 7);
    y_weight += y_level * (2 * y_level + 7);
  }
  const Real pairs = n * (n - 1);
  const Real tau = ratio(concordant, pairs - x_pairs, pairs - y_pairs);
  if (std::isnan(tau)) return std::nullopt;

  std::vector<Real> without;
  without.reserve(points.size());
  for (const Neighbours& point : points) {
    const Real rest = (n - 1) * (n - 2);
    without.push_back(ratio(concordant - 2 * excess(point),
                            rest - (x_pairs - 2 * in_x(point, kLevel)),
                            rest - (y_pairs - 2 * in_y(point, kLevel))));
  }
  RankCorrelation result{.estimate = correlation_estimate(tau, without, n - 2), .p_value = 1};
  if (n > 2) {
    const Real variance = (pairs * (2 * n + 5) - x_weight - y_weight) / 18 +
                          x_pairs * y_pairs / (2 * pairs) +
                          x_triples * y_triples / (9 * pairs * (n - 2));
    const Real z = concordant / 2 / std::sqrt(variance);
    result.p_value = static_cast<double>(std::erfc(std::abs(z) / std::numbers::sqrt2_v<Real>));
  }
  return result;
}

}  // namespace normscope

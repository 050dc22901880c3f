#include "analysis/correlation_ratio.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>

#include "analysis/moments.h"

namespace normscope {
namespace {

struct Group {
  Real count = 0;
  Real mean = 0;
};

/// Numbers the groups 0, 1, 2 … in ascending order of the values; `bin_of(rank)`, asked for the
/// first of equal values, never decreases and changes where a new group begins.
std::vector<std::uint32_t> group_along(std::span<const double> values,
                                       const std::function<std::size_t(std::size_t)>& bin_of) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<std::uint32_t> groups(values.size());
  std::uint32_t group = 0;
  for (std::size_t rank = 0, bin = 0; rank < order.size(); ++rank) {
    if (rank > 0 && values[order[rank]] != values[order[rank - 1]]) {
      const std::size_t next = bin_of(rank);
      if (next != bin) ++group;
      bin = next;
    }
    groups[order[rank]] = group;
  }
  return groups;
}

/// Var(log(1 - η²)): by the delta method, from the influence (y - μ)²/σ² - (y - μ_group)²/σ_within²
/// of each y, plus what chance alone adds to the between-group sum of squares (χ² with groups - 1
/// degrees of freedom), which is all of that sum if η² is 0.
Real variance_of_log_rest(std::span<const double> values, std::span<const std::uint32_t> groups,
                          std::span<const Group> means, Real mean, Real total, Real within) {
  const Real n = static_cast<Real>(values.size());
  const Real k = static_cast<Real>(means.size());
  Real variance = 2 * (k - 1) / ((n - k) * (n - k));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Real from_mean = values[i] - mean;
    const Real from_group = values[i] - means[groups[i]].mean;
    const Real influence = from_mean * from_mean / total - from_group * from_group / within;
    variance += influence * influence;
  }
  return variance;
}

}  // namespace

std::optional<CorrelationRatio> correlation_ratio(std::span<const double> values,
                                                  std::span<const std::uint32_t> groups) {
  if (all_equal(values)) return std::nullopt;
  std::vector<Group> means(std::size_t{*std::ranges::max_element(groups)} + 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    Group& group = means[groups[i]];
    group.count += 1;
    group.mean += (values[i] - group.mean) / group.count;
  }
  const Real mean = mean_of(values);
  Real total = 0;
  Real within = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Real from_mean = values[i] - mean;
    const Real from_group = values[i] - means[groups[i]].mean;
    total += from_mean * from_mean;
    within += from_group * from_group;
  }
  const Real rest = std::min(within / total, Real(1));
  CorrelationRatio ratio{.eta_squared = static_cast<double>(1 - rest),
                         .epsilon_squared = std::nullopt,
                         .groups = means.size()};
  if (means.size() == values.size()) return ratio;

  const Real n = static_cast<Real>(values.size());
  const Real rest_corrected = rest * (n - 1) / (n - static_cast<Real>(means.size()));
  const auto within_unit = [](Real x) {
    return static_cast<double>(std::clamp(x, Real(0), Real(1)));
  };
  Estimate epsilon_squared{
      .value = within_unit(1 - rest_corrected), .standard_error = 0, .interval = std::nullopt};
  if (within > 0) {
    const Real error = std::sqrt(variance_of_log_rest(values, groups, means, mean, total, within));
    const Real reach =
        std::exp(boost::math::quantile(boost::math::normal_distribution<double>(), 0.975) * error);
    epsilon_squared.standard_error = static_cast<double>(rest_corrected * error);
    epsilon_squared.interval = Interval{.low = within_unit(1 - rest_corrected * reach),
                                        .high = within_unit(1 - rest_corrected / reach)};
  } else {
    epsilon_squared.interval = Interval{.low = 1, .high = 1};
  }
  ratio.epsilon_squared = epsilon_squared;
  return ratio;
}

std::vector<std::uint32_t> group_by_value(std::span<const double> values) {
  return group_along(values, [](std::size_t rank) { return rank; });
}

std::vector<std::uint32_t> group_into_bins(std::span<const double> values, std::uint64_t bins) {
  return group_along(values, [&](std::size_t rank) { return rank * bins / values.size(); });
}

}  // namespace normscope

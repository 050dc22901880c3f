#include "analysis/threshold_rule.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "analysis/moments.h"
#include "analysis/proportion.h"

namespace normscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Point {
  double statistic = 0;
  bool is_short = false;
};

/// The interval with the largest share of the long sentences minus the share of the short ones: the
/// heaviest run of weights along the ascending statistic (Kadane), in which equal statistics stay
/// together.
Interval most_informed(std::vector<Point>& points, double shorts) {
  std::ranges::sort(points, {}, &Point::statistic);
  const double longs = static_cast<double>(points.size()) - shorts;
  Interval best{.low = -kInfinity, .high = kInfinity};
  double best_weight = 0;
  double weight = 0;
  std::size_t start = 0;
  for (std::size_t first = 0, end = 0; first < points.size(); first = end) {
    if (weight <= 0) {
      weight = 0;
      start = first;
    }
    for (end = first; end < points.size() && points[end].statistic == points[first].statistic;
         ++end) {
      weight += points[end].is_short ? -1 / shorts : 1 / longs;
    }
    // Together they weigh 0, which rounding must not turn into more.
    if (weight > best_weight + 1e-12) {
      best_weight = weight;
      best = {.low = start == 0 ? -kInfinity : points[start].statistic,
              .high = end == points.size() ? kInfinity : points[first].statistic};
    }
  }
  return best;
}

/// For each score, the share of `others` below it, equal ones half.
std::vector<double> placements(std::span<const double> scores, std::span<const double> sorted) {
  std::vector<double> result;
  result.reserve(scores.size());
  for (const double score : scores) {
    const auto [level, above] = std::equal_range(sorted.begin(), sorted.end(), score);
    result.push_back(
        (static_cast<double>(level - sorted.begin()) + static_cast<double>(above - level) / 2) /
        static_cast<double>(sorted.size()));
  }
  return result;
}

/// Variance of the mean.
Real mean_variance(std::span<const double> values) {
  const Real mean = mean_of(values);
  const Real n = static_cast<Real>(values.size());
  Real squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / (n - 1) / n;
}

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::ranges::sort(copy);
  return copy;
}

}  // namespace

Estimate area_under_roc(std::span<const double> positives, std::span<const double> negatives) {
  const std::vector<double> above_negatives = placements(positives, sorted(negatives));
  const std::vector<double> above_positives = placements(negatives, sorted(positives));
  const Real area = mean_of(above_negatives);
  Estimate estimate{
      .value = static_cast<double>(area), .standard_error = std::nullopt, .interval = std::nullopt};
  if (positives.size() < 2 || negatives.size() < 2 || area <= 0 || area >= 1) return estimate;
  const Real error = std::sqrt(mean_variance(above_negatives) + mean_variance(above_positives));
  const Real logit = std::log(area / (1 - area));
  const Real reach = boost::math::quantile(boost::math::normal_distribution<double>(), 0.975) *
                     error / (area * (1 - area));
  estimate.standard_error = static_cast<double>(error);
  estimate.interval = Interval{.low = static_cast<double>(1 / (1 + std::exp(reach - logit))),
                               .high = static_cast<double>(1 / (1 + std::exp(-reach - logit)))};
  return estimate;
}

std::optional<ThresholdRule> threshold_rule(std::span<const double> property,
                                            std::span<const double> statistic,
                                            const std::vector<bool>& learn, double short_below) {
  std::vector<Point> known;
  std::vector<Point> judged;
  for (std::size_t i = 0; i < property.size(); ++i) {
    (learn[i] ? known : judged)
        .push_back({.statistic = statistic[i], .is_short = property[i] < short_below});
  }
  const auto known_shorts = std::ranges::count_if(known, &Point::is_short);
  if (judged.empty() || known_shorts == 0 || known_shorts == std::ssize(known)) return std::nullopt;
  const auto [low, high] = most_informed(known, static_cast<double>(known_shorts));

  std::uint64_t called = 0;
  std::uint64_t right = 0;
  std::vector<double> short_scores;
  std::vector<double> long_scores;
  for (const Point& point : judged) {
    const double outside = std::max(low - point.statistic, point.statistic - high);
    if (outside > 0) {
      ++called;
      if (point.is_short) ++right;
    }
    (point.is_short ? short_scores : long_scores).push_back(outside);
  }
  ThresholdRule rule{.short_below = short_below,
                     .low = std::nullopt,
                     .high = std::nullopt,
                     .base_rate = proportion(short_scores.size(), judged.size()),
                     .precision = std::nullopt,
                     .recall = std::nullopt,
                     .auc = std::nullopt};
  if (std::isfinite(low)) rule.low = low;
  if (std::isfinite(high)) rule.high = high;
  if (called > 0) rule.precision = proportion(right, called);
  if (!short_scores.empty()) rule.recall = proportion(right, short_scores.size());
  if (!short_scores.empty() && !long_scores.empty()) {
    rule.auc = area_under_roc(short_scores, long_scores);
  }
  return rule;
}

}  // namespace normscope

#include "normscope/relation.h"

#include <algorithm>
#include <stdexcept>

#include "analysis/bootstrap.h"
#include "analysis/correlation_ratio.h"
#include "analysis/finite.h"
#include "analysis/funnel.h"
#include "analysis/held_out.h"
#include "analysis/isotonic.h"
#include "analysis/neighbours.h"
#include "analysis/rank_correlation.h"
#include "analysis/regression.h"
#include "analysis/stopped.h"
#include "analysis/threshold_rule.h"
#include "base/random.h"

namespace normscope {
namespace {

constexpr std::uint64_t kLeastPerBin = 10;

/// Streams of one seed: each use of chance has its own.
enum Stream : std::uint64_t { kBootstrap = 1, kFolds, kHalves };

void check(std::span<const double> property, std::span<const double> statistic,
           const RelationOptions& options) {
  if (property.size() != statistic.size()) {
    throw std::invalid_argument("as many properties as statistics");
  }
  check_finite(property, "properties");
  check_finite(statistic, "statistics");
  if (options.resamples < 100 || options.resamples > 1'000'000) {
    throw std::invalid_argument("resamples must be 100 to 1000000");
  }
  if (options.folds < 2 || options.folds > 100) {
    throw std::invalid_argument("folds must be 2 to 100");
  }
  if (options.funnel_bins < 2 || options.statistic_bins < 2) {
    throw std::invalid_argument("bins must be at least 2");
  }
  if (!std::isfinite(options.short_below)) {
    throw std::invalid_argument("short_below must be finite");
  }
  if (!(options.r_squared_confidence > 0 && options.r_squared_confidence < 1)) {
    throw std::invalid_argument("r_squared_confidence must lie in (0, 1)");
  }
}

std::uint64_t stream_seed(std::uint64_t seed, Stream stream) { return Random(seed, stream).next(); }

}  // namespace

Relation relate(std::span<const double> property, std::span<const double> statistic,
                const RelationOptions& options, const std::stop_token& stop) {
  check(property, statistic, options);
  Relation relation;
  const std::size_t n = property.size();
  relation.sentences = n;
  if (n == 0) return relation;

  relation.funnel = funnel(property, statistic,
                           std::clamp<std::uint64_t>(n / kLeastPerBin, 1, options.funnel_bins));
  if (n == 1) return relation;
  check_stop(stop);
  relation.line = fit_line(property, statistic, options.r_squared_confidence);
  check_stop(stop);
  relation.bootstrap_r_squared = bootstrap_r_squared(property, statistic, options.resamples,
                                                     stream_seed(options.seed, kBootstrap), stop);
  const std::vector<Neighbours> points = neighbours(property, statistic, stop);
  relation.spearman = spearman(property, statistic, points, stop);
  check_stop(stop);
  relation.kendall = kendall(points);
  check_stop(stop);
  relation.monotone = fit_monotone(property, statistic);
  check_stop(stop);
  const std::uint64_t bins = std::min<std::uint64_t>(options.statistic_bins, n / kLeastPerBin);
  std::vector<std::uint32_t> groups = group_by_value(property);
  check_stop(stop);
  // If hardly any value occurs twice, a group for each would explain everything.
  if (bins >= 2 && std::ranges::max(groups) >= n / 2) groups = group_into_bins(property, bins);
  relation.statistic_given_property = correlation_ratio(statistic, groups);
  check_stop(stop);
  if (bins >= 2) {
    relation.property_given_statistic =
        correlation_ratio(property, group_into_bins(statistic, bins));
  }
  if (n >= options.folds) {
    relation.held_out = read_off(property, statistic,
                                 random_parts(n, options.folds, stream_seed(options.seed, kFolds)),
                                 options.folds, stop);
  }
  check_stop(stop);
  std::vector<bool> learn;
  for (const std::uint32_t half : random_parts(n, 2, stream_seed(options.seed, kHalves))) {
    learn.push_back(half == 0);
  }
  relation.threshold = threshold_rule(property, statistic, learn, options.short_below);
  return relation;
}

}  // namespace normscope

#include "analysis/paired_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <span>

#include "analysis/correlation_ratio.h"
#include "analysis/moments.h"
#include "base/parallel.h"
#include "base/random.h"

namespace normscope {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// A variance that is a smaller part of the second moment than this is a 0 with rounding errors.
constexpr double kDegenerate = 1e-12;

/// How often each sentence was drawn.
using Counts = std::vector<std::uint32_t>;

struct Numbers {
  double slope = kUndefined;
  double r_squared = kUndefined;
  double mean = kUndefined;
  double spearman = kUndefined;
};

/// Weighted sums of two variables, from which line and correlation follow.
struct Sums {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;

  void add(double weight, double a, double b) {
    n += weight;
    x += weight * a;
    y += weight * b;
    xx += weight * a * a;
    xy += weight * a * b;
    yy += weight * b * b;
  }

  [[nodiscard]] double covariance() const { return xy - x * y / n; }
  [[nodiscard]] double x_variance() const { return positive(xx - x * x / n, xx); }
  [[nodiscard]] double y_variance() const { return positive(yy - y * y / n, yy); }
  [[nodiscard]] double correlation() const {
    return std::clamp(covariance() / std::sqrt(x_variance() * y_variance()), -1.0, 1.0);
  }

 private:
  static double positive(double variance, double squares) {
    return variance > kDegenerate * squares ? variance : kUndefined;
  }
};

/// Mid-ranks of the resampled values minus their mean, by group of equal values.
std::vector<double> ranks(std::span<const std::uint32_t> groups, std::size_t group_count,
                          std::span<const std::uint32_t> counts, double n) {
  std::vector<double> in_group(group_count);
  for (std::size_t i = 0; i < groups.size(); ++i) in_group[groups[i]] += counts[i];
  double below = 0;
  for (double& group : in_group) {
    const double size = group;
    group = below + (size - n) / 2;
    below += size;
  }
  return in_group;
}

/// One run's sentences, at their places among those of both.
class Resampled {
 public:
  Resampled(const ComparedRun& run, std::span<const std::uint64_t> all)
      : property_(centred(run.properties)),
        statistic_(centred(run.statistics)),
        mean_(static_cast<double>(mean_of(run.statistics))),
        property_groups_(group_by_value(run.properties)),
        statistic_groups_(group_by_value(run.statistics)),
        length_group_count_(std::size_t{std::ranges::max(property_groups_)} + 1),
        norm_group_count_(std::size_t{std::ranges::max(statistic_groups_)} + 1) {
    places_.reserve(run.indices.size());
    std::size_t place = 0;
    for (const std::uint64_t index : run.indices) {
      while (all[place] != index) ++place;
      places_.push_back(place);
    }
  }

  [[nodiscard]] Numbers numbers(const Counts& drawn) const {
    Counts counts;
    counts.reserve(places_.size());
    for (const std::size_t place : places_) counts.push_back(drawn[place]);
    Sums sums;
    for (std::size_t i = 0; i < counts.size(); ++i)
      sums.add(counts[i], property_[i], statistic_[i]);
    if (sums.n == 0) return {};
    const std::vector<double> x = ranks(property_groups_, length_group_count_, counts, sums.n);
    const std::vector<double> y = ranks(statistic_groups_, norm_group_count_, counts, sums.n);
    Sums of_ranks;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      of_ranks.add(counts[i], x[property_groups_[i]], y[statistic_groups_[i]]);
    }
    const double r = sums.correlation();
    return {.slope = sums.covariance() / sums.x_variance(),
            .r_squared = r * r,
            .mean = mean_ + sums.y / sums.n,
            .spearman = of_ranks.correlation()};
  }

 private:
  static std::vector<double> centred(std::span<const double> values) {
    const auto mean = static_cast<double>(mean_of(values));
    std::vector<double> result(values.begin(), values.end());
    for (double& value : result) value -= mean;
    return result;
  }

  std::vector<double> property_;
  std::vector<double> statistic_;
  double mean_;
  std::vector<std::uint32_t> property_groups_;
  std::vector<std::uint32_t> statistic_groups_;
  std::size_t length_group_count_;
  std::size_t norm_group_count_;
  std::vector<std::size_t> places_;
};

Counts draw(std::size_t n, Random& random) {
  Counts counts(n);
  for (std::size_t i = 0; i < n; ++i) ++counts[random.below(n)];
  return counts;
}

}  // namespace

PairedReplicates paired_bootstrap(const ComparedRun& first, const ComparedRun& second,
                                  const CompareOptions& options) {
  std::vector<std::uint64_t> all;
  std::ranges::set_union(first.indices, second.indices, std::back_inserter(all));
  const Resampled before(first, all);
  const Resampled after(second, all);
  PairedReplicates replicates{.slope = std::vector<double>(options.resamples),
                              .r_squared = std::vector<double>(options.resamples),
                              .mean = std::vector<double>(options.resamples),
                              .spearman = std::vector<double>(options.resamples)};
  parallel_for(options.threads, options.resamples, {}, [&](unsigned, std::size_t resample) {
    Random random(options.seed, resample);
    const Counts drawn = draw(all.size(), random);
    const Numbers a = before.numbers(drawn);
    const Numbers b = after.numbers(drawn);
    replicates.slope[resample] = b.slope - a.slope;
    replicates.r_squared[resample] = b.r_squared - a.r_squared;
    replicates.mean[resample] = b.mean - a.mean;
    replicates.spearman[resample] = b.spearman - a.spearman;
  });
  return replicates;
}

}  // namespace normscope

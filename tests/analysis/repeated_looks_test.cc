#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>

#include "normscope/analysis.h"

namespace normscope {
namespace {

using Sizes = std::vector<std::uint64_t>;

Sizes equally_spaced(std::uint64_t looks) {
  Sizes sizes(looks);
  std::iota(sizes.begin(), sizes.end(), 1);
  return sizes;
}

double critical_value(const Sizes& sizes) {
  const boost::math::normal_distribution<double> normal;
  return boost::math::quantile(
      boost::math::complement(normal, (1 - confidence_of_each_look(sizes)) / 2));
}

// Jennison and Turnbull, Group Sequential Methods (2000), table 2.1: Pocock tests, α = 0.05.
TEST(RepeatedLooks, HavePococksCriticalValues) {
  EXPECT_NEAR(critical_value(equally_spaced(1)), 1.960, 0.0006);
  EXPECT_NEAR(critical_value(equally_spaced(2)), 2.178, 0.0006);
  EXPECT_NEAR(critical_value(equally_spaced(3)), 2.289, 0.0006);
  EXPECT_NEAR(critical_value(equally_spaced(5)), 2.413, 0.0006);
  EXPECT_NEAR(critical_value(equally_spaced(10)), 2.555, 0.0006);
  EXPECT_NEAR(critical_value(equally_spaced(20)), 2.672, 0.0006);
}

TEST(RepeatedLooks, GrowByAQuarterUpToTheTotal) {
  EXPECT_EQ(look_sizes(500, 1000), (Sizes{500, 625, 781, 1000}));
  EXPECT_EQ(look_sizes(500, 1200), (Sizes{500, 625, 781, 976, 1200}));
  EXPECT_EQ(look_sizes(500, 500), Sizes{500});
  EXPECT_EQ(look_sizes(500, 3), Sizes{3});
  EXPECT_EQ(look_sizes(500, 0), Sizes{});
  // A last step that is too small is joined with the one before.
  EXPECT_EQ(look_sizes(500, 630), (Sizes{500, 630}));
  EXPECT_EQ(look_sizes(1, 6), (Sizes{1, 2, 3, 4, 5, 6}));
  EXPECT_THROW((void)look_sizes(0, 10), std::invalid_argument);
}

TEST(RepeatedLooks, CostLittleForAVeryLargeCorpus) {
  const double value = critical_value(look_sizes(500, 74'000'000));
  EXPECT_GT(value, 2.5);
  EXPECT_LT(value, 3.2);
}

// Whoever stops as soon as the interval is narrow, or as soon as it excludes the truth, the worst
// reason there is, still errs in 5 % of the runs at most.
TEST(RepeatedLooks, HoldTheTruthHoweverTheRunStops) {
  constexpr int kRuns = 400;
  const Sizes looks = look_sizes(100, 1000);
  const double confidence = confidence_of_each_look(looks);
  const double slope = 0.5;
  const double truth = slope * slope / (1 + slope * slope);
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  int errs = 0;
  int pointwise_errs = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> x;
    std::vector<double> y;
    bool outside = false;
    bool pointwise_outside = false;
    for (const std::uint64_t size : looks) {
      while (x.size() < size) {
        x.push_back(normal(random));
        y.push_back(slope * x.back() + normal(random));
      }
      const auto misses = [&](double each) {
        const Interval interval = *line_r_squared(x, y, each)->interval;
        return truth < interval.low || truth > interval.high;
      };
      outside = outside || misses(confidence);
      pointwise_outside = pointwise_outside || misses(0.95);
    }
    errs += outside ? 1 : 0;
    pointwise_errs += pointwise_outside ? 1 : 0;
  }
  // 20 expected of 400, with a standard deviation of 4.4.
  EXPECT_LE(errs, 33);
  EXPECT_GE(errs, 8);
  EXPECT_GT(pointwise_errs, 2 * errs);
}

TEST(RepeatedLooks, RefuseAConfidenceThatIsNone) {
  const std::vector<double> numbers{1, 2, 3, 4};
  for (const double confidence : {0.0, 1.0, -1.0, std::nan("")}) {
    EXPECT_THROW((void)line_r_squared(numbers, numbers, confidence), std::invalid_argument);
  }
}

}  // namespace
}  // namespace normscope

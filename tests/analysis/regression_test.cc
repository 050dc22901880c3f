#include "analysis/regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace normscope {
namespace {

TEST(FitLine, TwoPointsMakeALineWithoutErrors) {
  const auto line = fit_line(std::vector<double>{1, 3}, std::vector<double>{5, 9});
  ASSERT_TRUE(line);
  EXPECT_DOUBLE_EQ(line->slope.value, 2);
  EXPECT_DOUBLE_EQ(line->intercept.value, 3);
  EXPECT_DOUBLE_EQ(line->r_squared.value, 1);
  EXPECT_FALSE(line->slope.interval || line->intercept.interval || line->r_squared.interval);
}

TEST(FitLine, OnePointAloneThatFixesTheSlopeLeavesNoErrors) {
  const auto line =
      fit_line(std::vector<double>{7, 7, 7, 7, 7, 9}, std::vector<double>{1, 2, 3, 4, 5, 6});
  ASSERT_TRUE(line);
  EXPECT_DOUBLE_EQ(line->slope.value, 1.5);
  EXPECT_FALSE(line->slope.interval);
  EXPECT_FALSE(line->r_squared.interval);
}

TEST(FitLine, NoLineThroughEqualLengthsOrNorms) {
  EXPECT_FALSE(fit_line(std::vector<double>{4, 4, 4}, std::vector<double>{1, 2, 3}));
  EXPECT_FALSE(fit_line(std::vector<double>{1, 2, 3}, std::vector<double>{0.1, 0.1, 0.1}));
  EXPECT_FALSE(fit_line(std::vector<double>{1}, std::vector<double>{2}));
}

TEST(FitLine, APerfectLineIsCertain) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 30; ++i) {
    x.push_back(i);
    y.push_back(3 - 0.5 * i);
  }
  const auto line = fit_line(x, y);
  ASSERT_TRUE(line);
  EXPECT_DOUBLE_EQ(line->r_squared.value, 1);
  ASSERT_TRUE(line->r_squared.interval);
  EXPECT_DOUBLE_EQ(line->r_squared.interval->low, 1);
  EXPECT_DOUBLE_EQ(line->r_squared.interval->high, 1);
}

TEST(FitLine, NumbersNearTheEndsOfDouble) {
  const auto line = fit_line(std::vector<double>{1, 2, 3, 4, 5},
                             std::vector<double>{1e307, 3e307, 2e307, 5e307, 4e307});
  ASSERT_TRUE(line);
  EXPECT_NEAR(line->slope.value, 8e306, 1e297);
  EXPECT_NEAR(line->r_squared.value, 0.64, 1e-12);
  EXPECT_TRUE(std::isfinite(line->slope.standard_error.value()));
}

// Four kinds of data whose true ρ² is known; 95 % of the intervals should hold it.
class RSquaredInterval : public testing::TestWithParam<int> {};

TEST_P(RSquaredInterval, CoversTheTruth) {
  constexpr int kRepeats = 2000;
  const int n = GetParam();
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (const double slope : {0.0, 0.5, 5.0}) {
    for (const bool funnel : {false, true}) {
      int covered = 0;
      for (int repeat = 0; repeat < kRepeats; ++repeat) {
        std::vector<double> x;
        std::vector<double> y;
        for (int i = 0; i < n; ++i) {
          x.push_back(normal(random));
          // E(0.25 + 0.75x²) = 1: the same ρ² with and without the funnel.
          const double spread = funnel ? std::sqrt(0.25 + 0.75 * x.back() * x.back()) : 1;
          y.push_back(slope * x.back() + spread * normal(random));
        }
        const double truth = slope * slope / (slope * slope + 1);
        const Interval interval = fit_line(x, y)->r_squared.interval.value();
        if (interval.low <= truth && truth <= interval.high) ++covered;
      }
      const double coverage = static_cast<double>(covered) / kRepeats;
      EXPECT_GT(coverage, 0.92) << "slope " << slope << " funnel " << funnel;
      EXPECT_LT(coverage, 0.98) << "slope " << slope << " funnel " << funnel;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, RSquaredInterval, testing::Values(30, 100, 300));

}  // namespace
}  // namespace normscope

#include "analysis/spread.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace normscope {
namespace {

using Values = std::vector<double>;

Spread of(const Values& values, std::optional<double> magnitude = {}) {
  return spread_of(values, magnitude, kSinglePrecision);
}

TEST(Spread, IsThatOfTheValues) {
  const Spread spread = of({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(spread.mean, 5);
  EXPECT_DOUBLE_EQ(spread.standard_deviation.value(), std::sqrt(32.0 / 7));
  EXPECT_DOUBLE_EQ(spread.coefficient_of_variation.value(), std::sqrt(32.0 / 7) / 5);
  EXPECT_FALSE(spread.rounding);
}

TEST(Spread, OfNegativeNumbersIsPositive) {
  EXPECT_DOUBLE_EQ(of({-1, -3}).coefficient_of_variation.value(), std::sqrt(2) / 2);
}

TEST(Spread, HasNoCoefficientAboutAMeanOfNothing) {
  EXPECT_FALSE(of({-1, 1}).coefficient_of_variation);
  EXPECT_FALSE(of({-1, 1}).rounding);
}

TEST(Spread, OfOneIsUnknown) {
  const Spread one = of({3});
  EXPECT_EQ(one.mean, 3);
  EXPECT_FALSE(one.standard_deviation || one.coefficient_of_variation || one.rounding);
  EXPECT_FALSE(of({}).rounding);
}

TEST(Spread, EqualNumbersDifferByNothing) {
  for (const double value : {0.1, 0.0, -7.7, 1e300}) {
    const Spread spread = of(Values(101, value));
    EXPECT_EQ(spread.standard_deviation.value(), 0) << value;
    EXPECT_TRUE(spread.rounding) << value;
  }
}

TEST(Spread, KnowsWhatRoundingLeaves) {
  EXPECT_TRUE(of({4.9, 4.9000002, 4.9000001}).rounding);
  // A LayerNorm with a large shift: little varies, but far more than rounding.
  EXPECT_FALSE(of({4898.80, 4898.85, 4898.75}).rounding);
}

TEST(Spread, RoundingIsRelativeToWhatTheNumbersWereComputedFrom) {
  // Distances from a centre of vectors that are equal but for rounding.
  const Values distances{1e-6, 3e-6, 2e-6, 1.5e-6};
  EXPECT_FALSE(of(distances).rounding);
  EXPECT_TRUE(of(distances, 20).rounding);
  EXPECT_FALSE(of({1, 3, 2, 1.5}, 20).rounding);
}

TEST(Spread, ReducedPrecisionRoundsMore) {
  const Values norms{20, 20.01, 20.02, 20.01};
  EXPECT_FALSE(spread_of(norms, {}, kSinglePrecision).rounding);
  EXPECT_TRUE(spread_of(norms, {}, 1e-3).rounding);
}

TEST(Spread, SurvivesTheLargestAndTheSmallestNumbers) {
  const Spread large = of({1e300, -1e300, 3e300});
  EXPECT_TRUE(std::isfinite(large.standard_deviation.value()));
  const Spread small = of({1e-310, 2e-310});
  EXPECT_NEAR(small.coefficient_of_variation.value(), std::sqrt(0.5) / 1.5, 1e-3);
  // Too large to be written.
  EXPECT_FALSE(of({1e300, -1e300, 1e-300}).standard_deviation == std::nullopt);
}

}  // namespace
}  // namespace normscope

#include "analysis/distribution.h"

#include <gtest/gtest.h>

#include <vector>

namespace normscope {
namespace {

TEST(Quantile, LinearBetweenOrderStatistics) {
  const std::vector<double> values{1, 2, 4, 8};
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 1), 8);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 3);
  EXPECT_DOUBLE_EQ(quantile(values, 0.75), 5);
}

TEST(Describe, OneValue) {
  const Distribution distribution = describe(std::vector<double>{3});
  EXPECT_EQ(distribution.mean, 3);
  EXPECT_FALSE(distribution.standard_deviation);
  ASSERT_EQ(distribution.quantiles.size(), 13U);
  for (const Quantile& quantile : distribution.quantiles) EXPECT_EQ(quantile.value, 3);
}

}  // namespace
}  // namespace normscope

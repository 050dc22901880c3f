#include "analysis/proportion.h"

#include <gtest/gtest.h>

namespace normscope {
namespace {

TEST(Proportion, Wilson) {
  // statsmodels.stats.proportion.proportion_confint(15, 148, method="wilson").
  const Proportion found = proportion(15, 148);
  EXPECT_NEAR(found.interval.low, 0.0623863995307363, 1e-12);
  EXPECT_NEAR(found.interval.high, 0.160487241723308, 1e-12);
}

TEST(Proportion, ReachesItsEndsExactly) {
  EXPECT_EQ(proportion(0, 10).interval.low, 0);
  EXPECT_LT(proportion(0, 10).interval.high, 0.31);
  EXPECT_EQ(proportion(10, 10).interval.high, 1);
  EXPECT_GT(proportion(10, 10).interval.low, 0.69);
}

}  // namespace
}  // namespace normscope

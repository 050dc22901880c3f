#include "report/labels.h"

#include <gtest/gtest.h>

namespace normscope {
namespace {

TEST(Labels, NameStatisticReadoutAndLayer) {
  EXPECT_EQ(statistic_label("l2", "cls", {}), "norm of the [CLS] embedding");
  EXPECT_EQ(statistic_label("l1", "mean", 3), "L1 norm of the mean embedding, layer 3");
  EXPECT_EQ(statistic_label("linf", "max", 0),
            "largest component of the max-pooled embedding, layer 0");
  EXPECT_EQ(statistic_label("centered_l2", "pooler", 6),
            "norm about the mean of the pooled [CLS] embedding, layer 6");
  EXPECT_EQ(statistic_label("l\x1b", "x", {}), "l\uFFFD of the x embedding");
}

TEST(Labels, NameProperties) {
  EXPECT_EQ(property_label("tokens"), "length in tokens");
  EXPECT_EQ(property_label("column:a\n.b"), "column a\uFFFD.b");
  EXPECT_EQ(property_label("new_one"), "new_one");
  EXPECT_EQ(capital("mean word rank"), "Mean word rank");
  EXPECT_EQ(capital("[CLS]"), "[CLS]");
}

}  // namespace
}  // namespace normscope

#include "report/labels.h"

#include <gtest/gtest.h>

namespace normscope {
namespace {

TEST(Labels, NameStatisticReadoutAndLayer) {
  EXPECT_EQ(statistic_label(column_named("layer6.cls.l2")), "norm of the [CLS] embedding");
  EXPECT_EQ(statistic_in_layer_label(column_named("layer3.mean.l1")),
            "L1 norm of the mean embedding, layer 3");
  EXPECT_EQ(statistic_in_layer_label(column_named("layer0.max.linf")),
            "largest component of the max-pooled embedding, layer 0");
  EXPECT_EQ(statistic_in_layer_label(column_named("layer6.pooler.centered_l2")),
            "norm about the mean of the pooled [CLS] embedding, layer 6");
}

TEST(Labels, NameProperties) {
  EXPECT_EQ(property_label("tokens"), "length in tokens");
  EXPECT_EQ(property_label("column:a\n.b"), "column a\uFFFD.b");
  EXPECT_EQ(property_label("new_one"), "new_one");
  EXPECT_EQ(short_property_label("tokens"), "length");
  EXPECT_EQ(short_property_label("words"), "length in words");
  EXPECT_EQ(property_axis_label("tokens"), "Sentence length (in tokens)");
  EXPECT_EQ(property_axis_label("mean_word_rank"), "Mean word rank");
  EXPECT_EQ(capital("mean word rank"), "Mean word rank");
  EXPECT_EQ(capital("[CLS]"), "[CLS]");
}

}  // namespace
}  // namespace normscope

#include "report/question.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace normscope {
namespace {

Manifest with_first(std::string statistic) {
  Manifest manifest;
  manifest.model.config.layers = 6;
  manifest.statistics = {std::move(statistic), "layer6.max.linf"};
  return manifest;
}

TEST(Question, IsAboutTheFirstStatistic) {
  EXPECT_EQ(statistic_words(with_first("layer6.cls.l2")), "the norm of the [CLS] embedding");
  EXPECT_EQ(statistic_words(with_first("layer6.mean.l1")), "the L1 norm of the mean embedding");
  EXPECT_EQ(statistic_words(with_first("layer6.pooler.centered_l2")),
            "the norm about the mean of the pooled [CLS] embedding");
  EXPECT_EQ(question(with_first("layer6.mean.l1")),
            "Does the L1 norm of the mean embedding encode the length of the sentence?");
}

TEST(Question, NamesALayerThatIsNotTheLast) {
  EXPECT_EQ(statistic_words(with_first("layer3.max.linf")),
            "the largest component of the max-pooled embedding in layer 3");
  EXPECT_EQ(question(with_first("layer0.cls.l2")),
            "Does the norm of the [CLS] embedding in layer 0 encode the length of the sentence?");
}

TEST(Question, IsAboutTheNormWhereNoStatisticIsNamed) {
  Manifest manifest;
  manifest.model.config.layers = 6;
  EXPECT_EQ(statistic_words(manifest), "the norm of the [CLS] embedding");
}

}  // namespace
}  // namespace normscope

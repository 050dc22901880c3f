#include "report/question.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace normscope {
namespace {

Manifest with_first(std::string_view statistic) {
  Manifest manifest;
  manifest.model.config.layers = 6;
  manifest.statistics = {column_named(statistic), column_named("layer6.max.linf")};
  manifest.properties = {"tokens", "words"};
  return manifest;
}

std::string statistic_words(std::string_view statistic) {
  return question_words(with_first(statistic)).statistic;
}

TEST(Question, IsAboutTheFirstStatistic) {
  EXPECT_EQ(statistic_words("layer6.cls.l2"), "the norm of the [CLS] embedding");
  EXPECT_EQ(statistic_words("layer6.mean.l1"), "the L1 norm of the mean embedding");
  EXPECT_EQ(statistic_words("layer6.pooler.centered_l2"),
            "the norm about the mean of the pooled [CLS] embedding");
  EXPECT_EQ(question(with_first("layer6.mean.l1")),
            "Does the L1 norm of the mean embedding encode the length of the sentence?");
}

TEST(Question, NamesALayerThatIsNotTheLast) {
  EXPECT_EQ(statistic_words("layer3.max.linf"),
            "the largest component of the max-pooled embedding in layer 3");
  EXPECT_EQ(question(with_first("layer0.cls.l2")),
            "Does the norm of the [CLS] embedding in layer 0 encode the length of the sentence?");
}

TEST(Question, IsAboutTheFirstProperty) {
  Manifest manifest = with_first("layer6.cls.l2");
  EXPECT_EQ(question_words(manifest).property, "the length");
  EXPECT_EQ(question_words(manifest).unit, "tokens");
  manifest.properties = {"words"};
  EXPECT_EQ(question_words(manifest).property, "the length in words");
  EXPECT_EQ(question_words(manifest).unit, "words");
  manifest.properties = {"column:rating"};
  EXPECT_EQ(question(manifest),
            "Does the norm of the [CLS] embedding encode the column rating of the sentence?");
  EXPECT_EQ(question_words(manifest).unit, "");
}

}  // namespace
}  // namespace normscope

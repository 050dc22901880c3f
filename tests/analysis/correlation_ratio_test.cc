#include "analysis/correlation_ratio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace normscope {
namespace {

using testing::ElementsAre;

TEST(CorrelationRatio, WikipediasExample) {
  // https://en.wikipedia.org/wiki/Correlation_ratio: algebra, geometry, statistics; η² = 6780/9640.
  const std::vector<double> scores{45, 70, 29, 15, 21, 40, 20, 30, 42, 65, 95, 80, 70, 85, 73};
  const std::vector<std::uint32_t> topics{0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2};
  const auto ratio = correlation_ratio(scores, topics);
  ASSERT_TRUE(ratio);
  EXPECT_NEAR(ratio->eta_squared, 6780.0 / 9640.0, 1e-12);
  EXPECT_NEAR(ratio->epsilon_squared->value, 1 - (1 - 6780.0 / 9640.0) * 14 / 12, 1e-12);
  EXPECT_EQ(ratio->groups, 3U);
}

TEST(CorrelationRatio, NothingToExplain) {
  EXPECT_FALSE(correlation_ratio(std::vector<double>{2, 2}, std::vector<std::uint32_t>{0, 1}));
}

TEST(CorrelationRatio, GroupsThatExplainEverything) {
  const auto ratio =
      correlation_ratio(std::vector<double>{2, 2, 5, 5}, std::vector<std::uint32_t>{0, 0, 1, 1});
  ASSERT_TRUE(ratio && ratio->epsilon_squared);
  EXPECT_EQ(ratio->eta_squared, 1);
  EXPECT_EQ(ratio->epsilon_squared->value, 1);
  EXPECT_EQ(ratio->epsilon_squared->interval->low, 1);
}

TEST(CorrelationRatio, GroupsOfOneTellNothingOfThePopulation) {
  const auto ratio =
      correlation_ratio(std::vector<double>{2, 3, 5}, std::vector<std::uint32_t>{0, 1, 2});
  ASSERT_TRUE(ratio);
  EXPECT_EQ(ratio->eta_squared, 1);
  EXPECT_FALSE(ratio->epsilon_squared);
}

TEST(CorrelationRatio, IntervalCoversTheTruth) {
  constexpr int kRepeats = 600;
  constexpr int kGroups = 100;
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  std::uniform_int_distribution<std::uint32_t> group(0, kGroups - 1);
  for (const double size : {0.0, 0.5, 2.0}) {
    double variance = 0;
    for (int g = 0; g < kGroups; ++g) variance += std::pow(size * std::sin(g), 2) / kGroups;
    const double truth = variance / (variance + 1);
    int covered = 0;
    double mean = 0;
    for (int repeat = 0; repeat < kRepeats; ++repeat) {
      std::vector<double> values;
      std::vector<std::uint32_t> groups;
      for (int i = 0; i < 1000; ++i) {
        groups.push_back(group(random));
        values.push_back(size * std::sin(groups.back()) + normal(random));
      }
      const Estimate estimate = correlation_ratio(values, groups)->epsilon_squared.value();
      mean += estimate.value / kRepeats;
      if (estimate.interval->low <= truth && truth <= estimate.interval->high) ++covered;
    }
    EXPECT_NEAR(mean, truth, 0.01);
    EXPECT_GT(static_cast<double>(covered) / kRepeats, 0.92) << size;
  }
}

TEST(GroupByValue, RisingAndWithoutGaps) {
  EXPECT_THAT(group_by_value(std::vector<double>{9, 2, 9, 5, 2}), ElementsAre(2, 0, 2, 1, 0));
}

TEST(GroupIntoBins, EqualCounts) {
  EXPECT_THAT(group_into_bins(std::vector<double>{6, 5, 4, 3, 2, 1}, 3),
              ElementsAre(2, 2, 1, 1, 0, 0));
}

TEST(GroupIntoBins, EqualValuesStayTogetherAndNoBinIsEmpty) {
  EXPECT_THAT(group_into_bins(std::vector<double>{1, 7, 7, 7, 7, 8}, 3),
              ElementsAre(0, 0, 0, 0, 0, 1));
}

}  // namespace
}  // namespace normscope

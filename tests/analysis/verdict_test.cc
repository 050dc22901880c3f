#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "lone_study.h"

namespace normscope {
namespace {

using testing::HasSubstr;

Study of(std::size_t n, const std::function<double(double)>& norm, double noise) {
  std::mt19937_64 random(3);
  std::uniform_int_distribution<int> length(1, 79);
  std::normal_distribution<double> normal;
  std::vector<double> lengths;
  std::vector<double> norms;
  for (std::size_t i = 0; i < n; ++i) {
    lengths.push_back(length(random));
    norms.push_back(norm(lengths.back()) + noise * normal(random));
  }
  return study_of(lengths, norms);
}

TEST(Verdict, ALine) {
  const Study found = of(
      2000, [](double x) { return 10 + x; }, 2);
  EXPECT_EQ(found.conclusion.verdict, Verdict::reliable);
  EXPECT_THAT(found.conclusion.text, HasSubstr("is a reliable proxy"));
}

TEST(Verdict, ACurveThatRises) {
  const Study found = of(
      5000, [](double x) { return std::exp(x / 8); }, 0.1);
  EXPECT_LT(relation_in(found).line->r_squared.interval->high, 0.9);
  EXPECT_EQ(found.conclusion.verdict, Verdict::not_linear);
}

TEST(Verdict, ACurveThatRisesAndFallsTellsNotTheLength) {
  const Study found = of(
      5000, [](double x) { return (x - 40) * (x - 40); }, 1);
  EXPECT_GT(relation_in(found).statistic_given_property->epsilon_squared->value, 0.99);
  EXPECT_EQ(found.conclusion.verdict, Verdict::unreliable);
}

TEST(Verdict, Noise) {
  const Study found = of(
      1000, [](double) { return 14; }, 1);
  EXPECT_EQ(found.conclusion.verdict, Verdict::unreliable);
  EXPECT_THAT(found.conclusion.text, HasSubstr("is not a reliable proxy"));
}

// 60 sentences of noise: R² is not 0, but no larger than chance makes it.
TEST(Verdict, ALineNeverTellsMoreThanAnyFunction) {
  const Study found = of(
      60, [](double) { return 14; }, 1);
  const double n = 60;
  const ExplainedShares& shares = *found.conclusion.shares;
  const double r_squared = relation_in(found).line->r_squared.value;
  EXPECT_DOUBLE_EQ(shares.line.value, std::max(0.0, 1 - (1 - r_squared) * (n - 1) / (n - 2)));
  EXPECT_EQ(shares.statistic_given_property->value,
            std::max(shares.line.value,
                     relation_in(found).statistic_given_property->epsilon_squared->value));
  EXPECT_EQ(shares.property_given_statistic->interval->high,
            std::max(shares.line.interval->high,
                     relation_in(found).property_given_statistic->epsilon_squared->interval->high));
}

TEST(Verdict, NamesWhatWasMeasured) {
  StudyOptions options;
  options.words.statistic = "the L1 norm of the mean embedding";
  options.words.property = "the number of words";
  options.words.unit = "words";
  std::vector<double> words;
  std::vector<double> norms;
  for (int i = 0; i < 100; ++i) {
    words.push_back(1 + i % 20);
    norms.push_back(9 + std::sin(i * i));
  }
  const Study found = study_of(words, norms, options);
  EXPECT_THAT(found.conclusion.text,
              testing::StartsWith(
                  "The L1 norm of the mean embedding is not a reliable proxy for the number "
                  "of words: adjusted for chance, a line explains "));
  EXPECT_THAT(found.conclusion.text, HasSubstr(" words (root mean square)"));
  const Study constant = study_of(words, std::vector<double>(100, 3), options);
  EXPECT_THAT(constant.conclusion.limits,
              testing::Contains(HasSubstr("The L1 norm of the mean embedding is")));
}

TEST(Verdict, OnTheThreshold) {
  // R² of about 0.9: slope² var(x) = 9 noise².
  const Study found = of(
      200, [](double x) { return x; }, std::sqrt(520.0 / 9));
  EXPECT_EQ(found.conclusion.verdict, Verdict::undecided);
}

TEST(Verdict, TooFewSentences) {
  for (const std::size_t n : {2, 19}) {
    const Study found = of(
        n, [](double x) { return x; }, 0);
    EXPECT_EQ(found.conclusion.verdict, Verdict::undecided) << n;
  }
  const Study enough = of(
      20, [](double x) { return x; }, 0);
  EXPECT_EQ(enough.conclusion.verdict, Verdict::reliable);
}

}  // namespace
}  // namespace normscope

#include "analysis/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace normscope {
namespace {

using testing::HasSubstr;

Analysis of(std::size_t n, const std::function<double(double)>& norm, double noise) {
  std::mt19937_64 random(3);
  std::uniform_int_distribution<int> length(1, 79);
  std::normal_distribution<double> normal;
  std::vector<double> lengths;
  std::vector<double> norms;
  for (std::size_t i = 0; i < n; ++i) {
    lengths.push_back(length(random));
    norms.push_back(norm(lengths.back()) + noise * normal(random));
  }
  return analyse(lengths, norms);
}

TEST(Verdict, ALine) {
  const Analysis analysis = of(
      2000, [](double x) { return 10 + x; }, 2);
  EXPECT_EQ(analysis.verdict, Verdict::reliable);
  EXPECT_THAT(analysis.verdict_text, HasSubstr("is a reliable proxy"));
}

TEST(Verdict, ACurveThatRises) {
  const Analysis analysis = of(
      5000, [](double x) { return std::exp(x / 8); }, 0.1);
  EXPECT_LT(analysis.regression->r_squared.interval->high, 0.9);
  EXPECT_EQ(analysis.verdict, Verdict::not_linear);
}

TEST(Verdict, ACurveThatRisesAndFallsTellsNotTheLength) {
  const Analysis analysis = of(
      5000, [](double x) { return (x - 40) * (x - 40); }, 1);
  EXPECT_GT(analysis.norm_given_length->epsilon_squared->value, 0.99);
  EXPECT_EQ(analysis.verdict, Verdict::unreliable);
}

TEST(Verdict, Noise) {
  const Analysis analysis = of(
      1000, [](double) { return 14; }, 1);
  EXPECT_EQ(analysis.verdict, Verdict::unreliable);
  EXPECT_THAT(analysis.verdict_text, HasSubstr("is not a reliable proxy"));
}

// 60 sentences of noise: R² is not 0, but no larger than chance makes it.
TEST(Verdict, ALineNeverTellsMoreThanAnyFunction) {
  const Analysis analysis = of(
      60, [](double) { return 14; }, 1);
  const double n = 60;
  const ExplainedShares& shares = *analysis.shares;
  const double r_squared = analysis.regression->r_squared.value;
  EXPECT_DOUBLE_EQ(shares.line.value, std::max(0.0, 1 - (1 - r_squared) * (n - 1) / (n - 2)));
  EXPECT_EQ(shares.norm_given_length->value,
            std::max(shares.line.value, analysis.norm_given_length->epsilon_squared->value));
  EXPECT_EQ(shares.length_given_norm->interval->high,
            std::max(shares.line.interval->high,
                     analysis.length_given_norm->epsilon_squared->interval->high));
}

TEST(Verdict, NamesWhatWasMeasured) {
  AnalysisOptions options;
  options.statistic_words = "the L1 norm of the mean embedding";
  options.property_words = "the number of words";
  options.unit = "words";
  std::vector<double> words;
  std::vector<double> norms;
  for (int i = 0; i < 100; ++i) {
    words.push_back(1 + i % 20);
    norms.push_back(9 + std::sin(i * i));
  }
  const Analysis analysis = analyse(words, norms, options);
  EXPECT_THAT(analysis.verdict_text,
              testing::StartsWith(
                  "The L1 norm of the mean embedding is not a reliable proxy for the number "
                  "of words: adjusted for chance, a line explains "));
  EXPECT_THAT(analysis.verdict_text, HasSubstr(" words (root mean square)"));
  const Analysis constant = analyse(words, std::vector<double>(100, 3), options);
  EXPECT_THAT(constant.limits,
              testing::Contains(HasSubstr("The L1 norm of the mean embedding is")));
}

TEST(Verdict, OnTheThreshold) {
  // R² of about 0.9: slope² var(x) = 9 noise².
  const Analysis analysis = of(
      200, [](double x) { return x; }, std::sqrt(520.0 / 9));
  EXPECT_EQ(analysis.verdict, Verdict::undecided);
}

TEST(Verdict, TooFewSentences) {
  for (const std::size_t n : {2, 19}) {
    const Analysis analysis = of(
        n, [](double x) { return x; }, 0);
    EXPECT_EQ(analysis.verdict, Verdict::undecided) << n;
  }
  const Analysis enough = of(
      20, [](double x) { return x; }, 0);
  EXPECT_EQ(enough.verdict, Verdict::reliable);
}

}  // namespace
}  // namespace normscope

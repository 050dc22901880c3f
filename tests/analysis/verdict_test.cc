#include "analysis/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_THAT(analysis.verdict_text, HasSubstr("is no reliable proxy"));
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

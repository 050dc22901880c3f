#include "normscope/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace normscope {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using Values = std::vector<double>;

TEST(Analyse, NoSentences) {
  const Analysis analysis = analyse({}, {});
  EXPECT_EQ(analysis.sentences, 0U);
  EXPECT_FALSE(analysis.norms || analysis.band || analysis.regression || analysis.short_base_rate);
  EXPECT_THAT(analysis.claims, IsEmpty());
  EXPECT_EQ(analysis.verdict, Verdict::undecided);
  EXPECT_THAT(analysis.limits, Contains(HasSubstr("No sentence was kept")));
}

TEST(Analyse, OneSentence) {
  const Analysis analysis = analyse(Values{5}, Values{9});
  EXPECT_EQ(analysis.norms->mean, 9);
  EXPECT_EQ(analysis.band->low, 9);
  EXPECT_FALSE(analysis.regression);
  EXPECT_EQ(analysis.claims.size(), 3U);
  EXPECT_THAT(analysis.limits, Contains(HasSubstr("One sentence does not make a regression")));
}

TEST(Analyse, EqualLengths) {
  const Analysis analysis = analyse(Values{5, 5, 5}, Values{9, 8, 7});
  EXPECT_FALSE(analysis.regression || analysis.norm_given_length || analysis.length_given_norm);
  EXPECT_THAT(analysis.limits, Contains(HasSubstr("The length is the same for all sentences")));
}

TEST(Analyse, EqualNorms) {
  const Analysis analysis = analyse(Values{5, 6, 7}, Values{0.1, 0.1, 0.1});
  EXPECT_FALSE(analysis.regression || analysis.norm_given_length);
  EXPECT_EQ(analysis.norms->standard_deviation.value(), 0);
  EXPECT_THAT(analysis.limits, Contains(HasSubstr("The norm is the same for all sentences")));
}

TEST(Analyse, TwoSentences) {
  const Analysis analysis = analyse(Values{5, 6}, Values{9, 8});
  EXPECT_DOUBLE_EQ(analysis.regression->slope.value, -1);
  EXPECT_FALSE(analysis.length_given_norm);
  EXPECT_THAT(analysis.limits, Contains(HasSubstr("too few sentences for intervals")));
}

TEST(Analyse, NormsThatDifferByRounding) {
  const Analysis analysis =
      analyse(Values{3, 4, 5, 6, 7}, Values{20, 20.000001, 20, 20.000002, 20.000001});
  EXPECT_THAT(analysis.limits, Contains(HasSubstr("rounding of floating-point numbers")));
}

TEST(Analyse, RoundingIsThatOfThePrecision) {
  const Values lengths{3, 4, 5, 6, 7};
  const Values norms{20, 20.01, 20.02, 20.03, 20.01};
  EXPECT_FALSE(analyse(lengths, norms).spread->rounding);
  AnalysisOptions options;
  options.precision = 1e-3;
  const Analysis analysis = analyse(lengths, norms, options);
  EXPECT_TRUE(analysis.spread->rounding);
  EXPECT_NEAR(*analysis.spread->coefficient_of_variation, 5.7e-4, 1e-5);
  EXPECT_THAT(analysis.limits, Contains(HasSubstr("rounding of floating-point numbers")));
  options.precision = -1;
  EXPECT_THROW(analyse(lengths, norms, options), std::invalid_argument);
}

TEST(Analyse, TheOrderOfTheSentencesDoesNotMatter) {
  Values lengths;
  Values norms;
  for (int i = 0; i < 200; ++i) {
    lengths.push_back(1 + i * 37 % 79);
    norms.push_back(10 + std::sin(i));
  }
  const Analysis forward = analyse(lengths, norms);
  std::ranges::reverse(lengths);
  std::ranges::reverse(norms);
  const Analysis backward = analyse(lengths, norms);
  EXPECT_NEAR(forward.regression->slope.value, backward.regression->slope.value, 1e-15);
  EXPECT_EQ(forward.length_given_norm->groups, backward.length_given_norm->groups);
  EXPECT_NEAR(forward.length_given_norm->eta_squared, backward.length_given_norm->eta_squared,
              1e-14);
}

TEST(Analyse, RefusesWhatIsNoData) {
  EXPECT_THROW(analyse(Values{1, 2}, Values{1}), std::invalid_argument);
  EXPECT_THROW(analyse(Values{1}, Values{std::nan("")}), std::invalid_argument);
  EXPECT_THROW(analyse(Values{std::numeric_limits<double>::infinity()}, Values{1}),
               std::invalid_argument);
  EXPECT_THROW(
      analyse(Values{1}, Values{1}, {.band_share = 0, .short_below = 20, .norm_bins = 100}),
      std::invalid_argument);
  EXPECT_THROW(analyse(Values{1}, Values{1}, {.band_share = 1, .short_below = 20, .norm_bins = 1}),
               std::invalid_argument);
}

}  // namespace
}  // namespace normscope

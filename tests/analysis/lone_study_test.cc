#include "lone_study.h"

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
using Values = std::vector<double>;

TEST(LoneStudy, NoSentences) {
  const Study found = study_of({}, {});
  EXPECT_EQ(found.sentences, 0U);
  EXPECT_FALSE(found.statistic || found.property || found.band || found.claims);
  EXPECT_FALSE(relation_in(found).line || found.statistics[0].spread);
  EXPECT_EQ(found.conclusion.verdict, Verdict::undecided);
  EXPECT_THAT(found.conclusion.limits, Contains(HasSubstr("No sentence was kept")));
}

TEST(LoneStudy, OneSentence) {
  const Study found = study_of(Values{5}, Values{9});
  EXPECT_EQ(found.statistic->mean, 9);
  EXPECT_EQ(found.band->low, 9);
  EXPECT_FALSE(relation_in(found).line);
  EXPECT_EQ(found.claims->sides.size(), 3U);
  EXPECT_THAT(found.conclusion.limits,
              Contains(HasSubstr("One sentence does not make a regression")));
}

TEST(LoneStudy, EqualLengths) {
  const Study found = study_of(Values{5, 5, 5}, Values{9, 8, 7});
  EXPECT_FALSE(relation_in(found).line || found.conclusion.shares);
  EXPECT_THAT(found.conclusion.limits,
              Contains(HasSubstr("The length is the same for all sentences")));
}

TEST(LoneStudy, EqualNorms) {
  const Study found = study_of(Values{5, 6, 7}, Values{0.1, 0.1, 0.1});
  EXPECT_FALSE(relation_in(found).line || found.conclusion.shares);
  EXPECT_EQ(found.statistic->standard_deviation.value(), 0);
  EXPECT_THAT(found.conclusion.limits,
              Contains(HasSubstr("The norm is the same for all sentences")));
}

TEST(LoneStudy, TwoSentences) {
  const Study found = study_of(Values{5, 6}, Values{9, 8});
  EXPECT_DOUBLE_EQ(relation_in(found).line->slope.value, -1);
  EXPECT_FALSE(relation_in(found).property_given_statistic);
  EXPECT_THAT(found.conclusion.limits, Contains(HasSubstr("too few sentences for intervals")));
}

TEST(LoneStudy, NormsThatDifferByRounding) {
  const Study found =
      study_of(Values{3, 4, 5, 6, 7}, Values{20, 20.000001, 20, 20.000002, 20.000001});
  EXPECT_THAT(found.conclusion.limits, Contains(HasSubstr("rounding of floating-point numbers")));
}

TEST(LoneStudy, RoundingIsThatOfThePrecision) {
  const Values lengths{3, 4, 5, 6, 7};
  const Values norms{20, 20.01, 20.02, 20.03, 20.01};
  EXPECT_FALSE(study_of(lengths, norms).statistics[0].spread->rounding);
  StudyOptions options;
  options.precision = 1e-3;
  const Study found = study_of(lengths, norms, options);
  EXPECT_TRUE(found.statistics[0].spread->rounding);
  EXPECT_NEAR(*found.statistics[0].spread->coefficient_of_variation, 5.7e-4, 1e-5);
  EXPECT_THAT(found.conclusion.limits, Contains(HasSubstr("rounding of floating-point numbers")));
  options.precision = -1;
  EXPECT_THROW(study_of(lengths, norms, options), std::invalid_argument);
}

TEST(LoneStudy, TheOrderOfTheSentencesDoesNotMatter) {
  Values lengths;
  Values norms;
  for (int i = 0; i < 200; ++i) {
    lengths.push_back(1 + i * 37 % 79);
    norms.push_back(10 + std::sin(i));
  }
  const Study forward = study_of(lengths, norms);
  std::ranges::reverse(lengths);
  std::ranges::reverse(norms);
  const Study backward = study_of(lengths, norms);
  EXPECT_NEAR(relation_in(forward).line->slope.value, relation_in(backward).line->slope.value,
              1e-15);
  EXPECT_EQ(relation_in(forward).property_given_statistic->groups,
            relation_in(backward).property_given_statistic->groups);
  EXPECT_NEAR(relation_in(forward).property_given_statistic->eta_squared,
              relation_in(backward).property_given_statistic->eta_squared, 1e-14);
}

TEST(LoneStudy, RefusesWhatIsNoData) {
  EXPECT_THROW(study_of(Values{1, 2}, Values{1}), std::invalid_argument);
  EXPECT_THROW(study_of(Values{1}, Values{std::nan("")}), std::invalid_argument);
  EXPECT_THROW(study_of(Values{std::numeric_limits<double>::infinity()}, Values{1}),
               std::invalid_argument);
  StudyOptions options;
  options.band_share = 0;
  EXPECT_THROW(study_of(Values{1}, Values{1}, options), std::invalid_argument);
  options.band_share = 1;
  EXPECT_NO_THROW(study_of(Values{1}, Values{1}, options));
  options.relation.statistic_bins = 1;
  EXPECT_THROW(study_of(Values{1}, Values{1}, options), std::invalid_argument);
}

// "Short" is said of lengths.
TEST(LoneStudy, OfAnotherPropertyMakesNoClaims) {
  StudyInput input;
  input.statistics = {{.column = {}, .values = {1, 2, 3, 4}}};
  input.properties = {{.name = "words", .values = {1, 2, 2, 4}}};
  const Study found = study(input);
  EXPECT_TRUE(found.band && found.property && relation_in(found).line);
  EXPECT_FALSE(found.claims);
}

// A run that looked at a growing sample has a wider interval in the first relation alone.
TEST(LoneStudy, AppliesTheConfidenceOfALookToTheFirstRelation) {
  StudyInput input;
  input.statistics = {{.column = {}, .values = {}}};
  input.properties = {{.name = "tokens", .values = {}}, {.name = "words", .values = {}}};
  for (int i = 0; i < 100; ++i) {
    input.statistics[0].values.push_back(10 + std::sin(i * i));
    for (Series& property : input.properties) property.values.push_back(1 + i % 20);
  }
  StudyOptions options;
  options.r_squared_confidence = 0.999;
  const Study found = study(input, options);
  const auto r_squared = [&](std::size_t i) { return found.relations[i].relation.line->r_squared; };
  EXPECT_EQ(r_squared(0).value, r_squared(1).value);
  EXPECT_GT(r_squared(0).interval->high, r_squared(1).interval->high);
  const auto look = line_r_squared(input.properties[0].values, input.statistics[0].values, 0.999);
  EXPECT_EQ(look->interval->high, r_squared(0).interval->high);
}

}  // namespace
}  // namespace normscope

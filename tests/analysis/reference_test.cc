// Against scikit-learn, SciPy, statsmodels and numpy; reference.py made the numbers.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analysis/correlation_ratio.h"
#include "analysis/reference_file.h"
#include "lone_study.h"

namespace normscope {
namespace {

using normscope::expect_close;

void expect_close(const std::optional<CorrelationRatio>& actual, const Json& expected,
                  const std::string& what) {
  ASSERT_EQ(actual.has_value(), !expected.is_null()) << what;
  if (!actual) return;
  EXPECT_EQ(actual->groups, expected["groups"].get<std::uint64_t>()) << what;
  expect_close(actual->eta_squared, expected["eta_squared"], what);
  ASSERT_EQ(actual->epsilon_squared.has_value(), !expected["epsilon_squared"].is_null()) << what;
  if (actual->epsilon_squared) {
    expect_close(*actual->epsilon_squared, expected["epsilon_squared"], what + " epsilon squared");
  }
}

void expect_close(const Distribution& actual, const Json& expected, const std::string& what) {
  expect_close(actual.mean, expected["mean"], what + " mean");
  expect_close(actual.standard_deviation.value(), expected["standard_deviation"], what + " sd");
  ASSERT_EQ(actual.quantiles.size(), expected["quantiles"].size());
  for (std::size_t i = 0; i < actual.quantiles.size(); ++i) {
    expect_close(actual.quantiles[i].value, expected["quantiles"][i],
                 what + " quantile " + std::to_string(actual.quantiles[i].probability));
  }
}

void expect_close(const std::optional<Proportion>& actual, const Json& expected,
                  const std::string& what) {
  ASSERT_EQ(actual.has_value(), !expected.is_null()) << what;
  if (!actual) return;
  EXPECT_EQ(actual->count, expected["count"].get<std::uint64_t>()) << what;
  EXPECT_EQ(actual->hits, expected["hits"].get<std::uint64_t>()) << what;
  EXPECT_DOUBLE_EQ(actual->share,
                   static_cast<double>(actual->hits) / static_cast<double>(actual->count));
  expect_close(actual->interval, expected["interval"], what);
}

TEST(Reference, EveryNumberOfEveryCase) {
  const Json cases = read_reference("reference.json");
  ASSERT_GE(cases.size(), 7U);
  for (const auto& [name, expected] : cases.items()) {
    SCOPED_TRACE(name);
    const auto x = expected["x"].get<std::vector<double>>();
    const auto y = expected["y"].get<std::vector<double>>();
    const Study actual = study_of(x, y);
    EXPECT_EQ(actual.sentences, x.size());
    const Relation& relation = relation_in(actual);
    ASSERT_TRUE(relation.line && actual.statistic && actual.property && actual.band);
    expect_close(relation.line->slope, expected["regression"]["slope"], "slope");
    expect_close(relation.line->intercept, expected["regression"]["intercept"], "intercept");
    expect_close(relation.line->r_squared, expected["regression"]["r_squared"], "R²");
    expect_close(correlation_ratio(y, group_by_value(x)), expected["norm_given_length"],
                 "norm given length");
    expect_close(relation.property_given_statistic, expected["length_given_norm"],
                 "length given norm");
    expect_close(*actual.statistic, expected["norms"], "norm");
    expect_close(*actual.property, expected["lengths"], "length");
    EXPECT_EQ(actual.band->low, expected["band"]["low"].get<double>());
    EXPECT_EQ(actual.band->high, expected["band"]["high"].get<double>());
    expect_close(actual.band->share, expected["band"]["share"], "share of the band");
    expect_close(actual.claims->base_rate, expected["base_rate"], "base rate");
    ASSERT_EQ(actual.claims->sides.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      expect_close(actual.claims->sides[i].short_given_side, expected["claims"][i],
                   actual.claims->sides[i].side);
    }
  }
}

}  // namespace
}  // namespace normscope

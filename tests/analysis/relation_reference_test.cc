// Against scikit-learn, SciPy and statsmodels; relation_reference.py made the numbers.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/held_out.h"
#include "analysis/isotonic.h"
#include "analysis/neighbours.h"
#include "analysis/rank_correlation.h"
#include "analysis/reference_file.h"
#include "analysis/threshold_rule.h"
#include "normscope/relation.h"

namespace normscope {
namespace {

using normscope::expect_close;

const Json& reference() {
  static const Json json = read_reference("relation_reference.json");
  return json;
}

class RelationReference : public testing::TestWithParam<std::string> {
 protected:
  const Json& expected_ = reference().at("cases").at(GetParam());
  std::vector<double> x_ = expected_.at("x");
  std::vector<double> y_ = expected_.at("y");
};

void expect_close(const std::optional<RankCorrelation>& actual, const Json& expected,
                  const std::string& what) {
  ASSERT_TRUE(actual);
  expect_close(actual->estimate, expected.at("estimate"), what);
  expect_close(actual->p_value, expected.at("p_value"), what + " p");
}

TEST_P(RelationReference, RankCorrelations) {
  const std::vector<Neighbours> points = neighbours(x_, y_);
  expect_close(spearman(x_, y_, points), expected_.at("spearman"), "Spearman");
  expect_close(kendall(points), expected_.at("kendall"), "Kendall");
}

TEST_P(RelationReference, Monotone) {
  const std::optional<MonotoneFit> fit = fit_monotone(x_, y_);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->increasing, expected_.at("monotone").at("increasing").get<bool>());
  expect_close(fit->r_squared, expected_.at("monotone").at("r_squared"), "isotonic R²");
}

TEST_P(RelationReference, HeldOut) {
  std::vector<std::uint32_t> fold;
  for (std::uint32_t i = 0; i < x_.size(); ++i) fold.push_back(i % 5);
  const std::optional<HeldOut> actual = read_off(x_, y_, fold, 5);
  ASSERT_TRUE(actual);
  const Json& expected = expected_.at("held_out");
  expect_close(actual->r_squared, expected.at("r_squared"), "held-out R²");
  expect_close(actual->absolute_error, expected.at("absolute_error"), "absolute error");
  expect_close(actual->constant_error, expected.at("constant_error"), "constant error");
  expect_close(actual->error_saved, expected.at("error_saved"), "error saved");
}

TEST_P(RelationReference, Threshold) {
  std::vector<bool> learn;
  for (std::size_t i = 0; i < x_.size(); ++i) learn.push_back(i % 2 == 0);
  const std::optional<ThresholdRule> actual = threshold_rule(x_, y_, learn, 20);
  const Json& expected = expected_.at("threshold");
  ASSERT_EQ(actual.has_value(), !expected.is_null());
  if (!actual) return;
  const auto side = [](const Json& json) {
    return json.is_null() ? std::optional<double>() : json.get<double>();
  };
  EXPECT_EQ(actual->low, side(expected.at("low")));
  EXPECT_EQ(actual->high, side(expected.at("high")));
  expect_close(actual->precision.value().share, expected.at("precision"), "precision");
  expect_close(actual->recall.value().share, expected.at("recall"), "recall");
  expect_close(actual->auc.value(), expected.at("auc"), "AUC");
}

TEST_P(RelationReference, Partial) {
  const std::vector<double> covariates = expected_.at("covariates");
  const std::optional<PartialRelation> actual = relate_given(x_, y_, covariates, 2);
  ASSERT_TRUE(actual);
  const Json& expected = expected_.at("partial");
  EXPECT_EQ(actual->covariates, 2U);
  expect_close(actual->correlation, expected.at("correlation"), "partial correlation");
  expect_close(actual->r_squared.value, expected.at("r_squared"), "partial R²");
  expect_close(actual->p_value, expected.at("p_value"), "partial p");
}

INSTANTIATE_TEST_SUITE_P(Cases, RelationReference,
                         testing::Values("funnel", "falling curve", "parabola", "ties everywhere",
                                         "no relation", "no ties"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

TEST(RelationReferenceAlone, BiasCorrectedInterval) {
  const Json& expected = reference().at("bootstrap");
  const Interval interval = bca_interval(expected.at("replicates").get<std::vector<double>>(),
                                         expected.at("estimate").get<double>(),
                                         expected.at("leave_one_out").get<std::vector<double>>());
  expect_close(interval, expected.at("interval"), "BCa");
}

TEST(RelationReferenceAlone, Holm) {
  const Json& expected = reference().at("holm");
  const std::vector<double> adjusted = holm(expected.at("p_values").get<std::vector<double>>());
  ASSERT_EQ(adjusted.size(), expected.at("adjusted").size());
  for (std::size_t i = 0; i < adjusted.size(); ++i) {
    expect_close(adjusted[i], expected.at("adjusted")[i], "p " + std::to_string(i));
  }
}

}  // namespace
}  // namespace normscope

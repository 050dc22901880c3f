// Against scikit-learn and numpy; probes_reference.py made the numbers.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/logistic.h"
#include "analysis/mlp.h"
#include "analysis/reference_file.h"
#include "normscope/probes.h"

namespace normscope {
namespace {

using normscope::expect_close;

const Json& reference() {
  static const Json json = read_reference("probes_reference.json");
  return json;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

/// To `tolerance` of the largest.
template <class Number>
void expect_all_close(const std::vector<Number>& actual, const Json& expected, double tolerance,
                      const std::string& what) {
  const std::vector<double> numbers = expected;
  ASSERT_EQ(actual.size(), numbers.size()) << what;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(actual[i]), numbers[i], tolerance * largest(numbers))
        << what << " " << i;
  }
}

class RidgeReference : public testing::TestWithParam<std::string> {};

TEST_P(RidgeReference, PenaltyScoreAndCoefficients) {
  const Json& expected = reference().at("ridge").at(GetParam());
  const std::vector<float> vectors = expected.at("vectors");
  const std::vector<double> property = expected.at("property");
  const std::vector<double> penalties = reference().at("penalties");
  const auto fit =
      fit_ridge({.values = vectors, .columns = expected.at("columns")}, property, penalties);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->penalty, expected.at("penalty").get<double>());
  expect_close(fit->score, expected.at("score"), "GCV score");
  expect_all_close(fit->coefficients, expected.at("coefficients"), 1e-9, "coefficient");
  expect_close(fit->intercept, expected.at("intercept"), "intercept");
  // RidgeCV chooses by leaving out one row at a time: another rule, here with the same choice.
  EXPECT_EQ(fit->penalty, expected.at("scikit_learn_penalty").get<double>());
  const auto theirs = fit_ridge({.values = vectors, .columns = expected.at("columns")}, property,
                                std::vector<double>{expected.at("scikit_learn_penalty")});
  expect_all_close(theirs.value().coefficients, expected.at("scikit_learn_coefficients"), 1e-9,
                   "RidgeCV's coefficient");
}

INSTANTIATE_TEST_SUITE_P(Cases, RidgeReference,
                         testing::Values("tall", "square", "wide", "far from zero", "collinear"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

TEST(ProbesReference, LogisticRegression) {
  const Json& expected = reference().at("logistic");
  const std::vector<float> rows = expected.at("rows");
  const std::vector<std::uint32_t> labels = expected.at("labels");
  const Labelled data{.rows = rows, .columns = 5, .labels = labels};
  for (const Json& one : expected.at("cases")) {
    const Logistic model = fit_logistic(data, 4, one.at("penalty"), 1e-12);
    EXPECT_TRUE(model.converged);
    const auto split = model.parameters.begin() + 20;
    expect_all_close(std::vector(model.parameters.begin(), split), one.at("coefficients"), 1e-9,
                     "coefficient");
    // Scores may all shift by a number; scikit-learn's intercepts add up to 0 as ours do.
    expect_all_close(std::vector(split, model.parameters.end()), one.at("intercepts"), 1e-9,
                     "intercept");
    EXPECT_EQ(classify(model, rows), one.at("classes").get<std::vector<std::uint32_t>>());
  }
}

TEST(ProbesReference, NetworkGradientAndAdam) {
  const Json& expected = reference().at("mlp");
  const std::vector<float> rows = expected.at("rows");
  const std::vector<std::uint32_t> labels = expected.at("labels");
  const Labelled data{.rows = rows, .columns = expected.at("inputs"), .labels = labels};
  Network network{.inputs = expected.at("inputs"),
                  .hidden = expected.at("hidden"),
                  .classes = expected.at("classes"),
                  .parameters = expected.at("start")};
  std::vector<float> gradient(network.parameters.size());
  EXPECT_NEAR(loss_gradient(network, data, {}, gradient), expected.at("loss").get<double>(), 1e-6);
  expect_all_close(gradient, expected.at("gradient"), 2e-6, "gradient");
  const std::vector<float> mask = expected.at("mask");
  EXPECT_NEAR(loss_gradient(network, data, mask, gradient),
              expected.at("masked_loss").get<double>(), 1e-6);
  expect_all_close(gradient, expected.at("masked_gradient"), 2e-6, "masked gradient");

  Adam adam(network.parameters.size());
  for (int step = 0; step < 5; ++step) {
    loss_gradient(network, data, {}, gradient);
    adam.step(gradient, network.parameters);
  }
  expect_all_close(network.parameters, expected.at("after_five_steps"), 1e-6, "parameter");
}

void expect_relation(const std::optional<NormRelation>& actual, const Json& expected,
                     const std::string& what) {
  ASSERT_TRUE(actual) << what;
  expect_close(actual->r_squared, expected.at("r_squared"), what + " R²");
  expect_close(actual->spearman, expected.at("spearman"), what + " Spearman");
}

TEST(ProbesReference, Dimensions) {
  const Json& expected = reference().at("dimensions");
  const std::vector<float> vectors = expected.at("vectors");
  const std::vector<float> beta = expected.at("beta");
  const std::vector<double> property = expected.at("property");
  const auto actual = decompose_norm({.values = vectors, .columns = 12}, property, beta);
  ASSERT_TRUE(actual);
  ASSERT_EQ(actual->shares.size(), 12U);
  for (const DimensionShare& share : actual->shares) {
    const std::size_t i = share.dimension;
    const std::string what = "dimension " + std::to_string(i);
    expect_close(share.share, expected.at("shares")[i], what);
    expect_close(share.scale_share.value(), expected.at("scale_shares")[i], 1, what + " scale");
    expect_close(share.shift_share.value(), expected.at("shift_shares")[i], 1, what + " shift");
    expect_close(share.property_part, expected.at("property_parts")[i], what + " property");
    expect_close(share.mean, expected.at("means")[i], what + " mean");
    expect_close(share.standard_deviation, expected.at("standard_deviations")[i], what + " sd");
  }
  expect_close(actual->property_correlation, expected.at("correlation"), "correlation");
  expect_relation(actual->whole, expected.at("whole"), "whole");
  expect_relation(actual->centred, expected.at("centred"), "centred");
  ASSERT_EQ(actual->without.size(), expected.at("without").size());
  for (std::size_t i = 0; i < actual->without.size(); ++i) {
    const Json& one = expected.at("without")[i];
    EXPECT_EQ(actual->without[i].left_out, one.at("left_out").get<std::size_t>());
    expect_relation(actual->without[i].relation, one.at("relation"), "without");
  }
}

}  // namespace
}  // namespace normscope

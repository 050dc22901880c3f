#include "normscope/probes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "analysis/lbfgs.h"
#include "base/random.h"

namespace normscope {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Data {
  std::vector<float> values;
  std::size_t columns = 0;
  std::vector<double> property;

  [[nodiscard]] Vectors vectors() const { return {.values = values, .columns = columns}; }
};

/// Standard normal vectors; property(vector) plus noise.
Data make(std::size_t rows, std::size_t columns, std::uint64_t seed,
          const std::function<double(std::span<const float>)>& property, double noise = 0) {
  Random random(seed);
  Data data{.values = {}, .columns = columns, .property = {}};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      data.values.push_back(static_cast<float>(random.normal()));
    }
    data.property.push_back(property(std::span(data.values).last(columns)) +
                            noise * random.normal());
  }
  return data;
}

double norm(std::span<const float> vector) {
  double squares = 0;
  for (const float value : vector) squares += static_cast<double>(value) * value;
  return std::sqrt(squares);
}

double first(std::span<const float> vector) { return static_cast<double>(vector[0]); }

TEST(Lbfgs, FindsTheMinimumOfAnIllConditionedBowl) {
  const Objective bowl = [](std::span<const double> x, std::span<double> gradient) {
    double value = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double steep = std::pow(10, static_cast<double>(i));
      gradient[i] = 2 * steep * (x[i] - 3);
      value += steep * (x[i] - 3) * (x[i] - 3);
    }
    return value;
  };
  const Minimum minimum = minimise(bowl, std::vector<double>(6), 1e-9, 1000);
  EXPECT_TRUE(minimum.converged);
  for (const double x : minimum.point) EXPECT_NEAR(x, 3, 1e-9);
  EXPECT_FALSE(minimise(bowl, std::vector<double>(6), 1e-9, 2).converged);
}

TEST(FitRidge, OddShapes) {
  const std::vector<float> four{1, 2, 3, 4};
  EXPECT_FALSE(fit_ridge({}, {}, {}));
  EXPECT_FALSE(fit_ridge({.values = four, .columns = 4}, std::vector{1.0}, {}));
  EXPECT_FALSE(fit_ridge({.values = four, .columns = 1}, std::vector(4, 2.0), {}));
  EXPECT_FALSE(fit_ridge({}, std::vector{1.0, 2.0}, {}));
  const auto two = fit_ridge({.values = four, .columns = 2}, std::vector{1.0, 2.0}, {});
  ASSERT_TRUE(two);
  EXPECT_TRUE(std::isfinite(two->coefficients[0]) && std::isfinite(two->intercept));
  const auto equal = fit_ridge({.values = std::vector<float>(8, 5), .columns = 2},
                               std::vector{1.0, 2.0, 3.0, 6.0}, {});
  EXPECT_EQ(equal.value().coefficients, std::vector<double>(2, 0));
  EXPECT_DOUBLE_EQ(equal->intercept, 3);
}

TEST(FitRidge, RejectsWhatDoesNotFit) {
  const std::vector<float> four{1, 2, 3, 4};
  const std::vector<double> two{1, 2};
  EXPECT_THROW(fit_ridge({.values = four, .columns = 3}, two, {}), std::invalid_argument);
  EXPECT_THROW(fit_ridge({.values = four, .columns = 0}, two, {}), std::invalid_argument);
  EXPECT_THROW(fit_ridge({.values = four, .columns = 2}, two, std::vector{0.0}),
               std::invalid_argument);
  EXPECT_THROW(fit_ridge({.values = four, .columns = 2}, std::vector{1.0, kNan}, {}),
               std::invalid_argument);
  EXPECT_THROW(fit_ridge({.values = four, .columns = 2}, std::vector{1.0, 1e200}, {}),
               std::invalid_argument);
  EXPECT_THROW(fit_ridge({.values = std::vector<float>{1, 2, 3, NAN}, .columns = 2}, two, {}),
               std::invalid_argument);
  EXPECT_THROW(fit_ridge({.values = std::vector<float>{1, 2, 3, 1e30F}, .columns = 2}, two, {}),
               std::invalid_argument);
}

TEST(RidgeProbe, EachFoldIsJudgedByTheFitToTheOthers) {
  const Data data = make(83, 5, 1, first, 1);
  const RidgeOptions options{.seed = 7, .penalties = {0.1, 10, 100}, .permutations = 0};
  const RidgeProbe probe = probe_by_ridge(data.vectors(), data.property, options).value();
  const std::vector<std::uint32_t> fold = random_parts(83, 5, Random(7, 1).next());
  double squares = 0;
  double constant_squares = 0;
  for (std::uint32_t part = 0; part < 5; ++part) {
    Data known{.values = {}, .columns = 5, .property = {}};
    double mean = 0;
    for (std::size_t i = 0; i < 83; ++i) {
      if (fold[i] == part) continue;
      known.values.insert(known.values.end(), &data.values[i * 5], &data.values[i * 5] + 5);
      known.property.push_back(data.property[i]);
      mean += data.property[i];
    }
    mean /= static_cast<double>(known.property.size());
    const RidgeFit fit = fit_ridge(known.vectors(), known.property, options.penalties).value();
    EXPECT_EQ(fit.penalty, probe.penalties[part]);
    for (std::size_t i = 0; i < 83; ++i) {
      if (fold[i] != part) continue;
      double guess = fit.intercept;
      for (std::size_t j = 0; j < 5; ++j) {
        guess += fit.coefficients[j] * static_cast<double>(data.values[i * 5 + j]);
      }
      squares += std::pow(data.property[i] - guess, 2);
      constant_squares += std::pow(data.property[i] - mean, 2);
    }
  }
  EXPECT_NEAR(probe.r_squared.value, 1 - squares / constant_squares, 1e-12);
  EXPECT_FALSE(probe.control);
}

TEST(RidgeProbe, FindsWhatIsThereAndNothingInTheControl) {
  const Data there = make(600, 20, 2, first, 0.5);
  const RidgeProbe probe = probe_by_ridge(there.vectors(), there.property).value();
  EXPECT_NEAR(probe.r_squared.value, 0.8, 0.05);
  EXPECT_LT(probe.absolute_error, 0.6 * probe.constant_error);
  ASSERT_TRUE(probe.control);
  EXPECT_LT(probe.control->r_squared, 0.01);
  EXPECT_NEAR(probe.control->selectivity, 0.8, 0.07);
  EXPECT_DOUBLE_EQ(probe.control->p_value, 1.0 / 21);

  const Data nothing = make(
      600, 20, 3, [](auto) { return 0.0; }, 1);
  const RidgeProbe blind = probe_by_ridge(nothing.vectors(), nothing.property).value();
  EXPECT_LT(blind.r_squared.value, 0.01);
  EXPECT_GT(blind.control.value().p_value, 0.05);
}

TEST(RidgeProbe, MoreColumnsThanRowsAndCollinearOnes) {
  const Data wide = make(40, 200, 4, first, 0.1);
  const RidgeProbe probe = probe_by_ridge(wide.vectors(), wide.property).value();
  EXPECT_TRUE(std::isfinite(probe.r_squared.value));
  EXPECT_LT(probe.r_squared.value, 0.9);

  Data twice{.values = {}, .columns = 6, .property = {}};
  const Data once = make(200, 3, 5, first, 0.5);
  for (std::size_t i = 0; i < 200; ++i) {
    for (int copy = 0; copy < 2; ++copy) {
      twice.values.insert(twice.values.end(), &once.values[i * 3], &once.values[i * 3] + 3);
    }
  }
  // Two equal columns share a coefficient, at twice the penalty.
  const RidgeProbe one =
      probe_by_ridge(once.vectors(), once.property, {.penalties = {1}, .permutations = 0}).value();
  const RidgeProbe two =
      probe_by_ridge(twice.vectors(), once.property, {.penalties = {2}, .permutations = 0}).value();
  EXPECT_NEAR(one.r_squared.value, two.r_squared.value, 1e-10);
}

TEST(RidgeProbe, TheIntervalOfRSquaredCoversItsExpectation) {
  constexpr int kRepeats = 400;
  std::vector<Estimate> all;
  double mean = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const Data data = make(250, 6, 100 + static_cast<std::uint64_t>(repeat), first, 1);
    const RidgeOptions options{.seed = static_cast<std::uint64_t>(repeat), .permutations = 0};
    all.push_back(probe_by_ridge(data.vectors(), data.property, options)->r_squared);
    mean += all.back().value / kRepeats;
  }
  const auto covers = [&](const Estimate& one) {
    return one.interval->low <= mean && mean <= one.interval->high;
  };
  const double share = static_cast<double>(std::ranges::count_if(all, covers)) / kRepeats;
  EXPECT_GT(share, 0.9);
  EXPECT_LT(share, 0.985);
}

TEST(RidgeProbe, TooLittleOrOutOfRange) {
  const Data data = make(40, 3, 6, first);
  EXPECT_FALSE(probe_by_ridge({}, {}));
  EXPECT_FALSE(probe_by_ridge({.values = std::vector<float>(6, 1), .columns = 2},
                              std::vector{1.0, 2.0, 3.0}));
  EXPECT_FALSE(probe_by_ridge(data.vectors(), std::vector(40, 1.0)));
  EXPECT_THROW(probe_by_ridge(data.vectors(), data.property, {.folds = 1}), std::invalid_argument);
  EXPECT_THROW(probe_by_ridge(data.vectors(), data.property, {.penalties = {-1}}),
               std::invalid_argument);
}

/// Lengths of 5 to 28 words, the first column tells log(length) but for noise.
Data length_data(std::size_t rows, double noise, std::uint64_t seed) {
  Random random(seed);
  Data data{.values = {}, .columns = 8, .property = {}};
  for (std::size_t i = 0; i < rows; ++i) {
    data.property.push_back(static_cast<double>(3 + random.below(28)));
    data.values.push_back(
        static_cast<float>(100 + 10 * (std::log(data.property.back()) + noise * random.normal())));
    for (int j = 1; j < 8; ++j) data.values.push_back(static_cast<float>(random.normal()));
  }
  return data;
}

TEST(SentenceLengthProbe, TellsTheBinWhereTheVectorHoldsIt) {
  const Data data = length_data(6000, 0.05, 1);
  const SentenceLengthProbe probe = probe_sentence_length(data.vectors(), data.property).value();
  EXPECT_EQ(probe.train % 6, 0U);
  EXPECT_EQ(probe.logistic.accuracy.count, probe.validation);
  EXPECT_NEAR(static_cast<double>(probe.train) / static_cast<double>(probe.validation), 10, 0.3);
  EXPECT_GT(probe.logistic.accuracy.share, 0.75);
  EXPECT_GT(probe.mlp.accuracy.share, 0.7);
  EXPECT_LT(probe.logistic.accuracy.interval.low, probe.logistic.accuracy.share);
  EXPECT_EQ(probe.hidden, 50U);
}

TEST(SentenceLengthProbe, GuessesWhereItDoesNot) {
  Data data = length_data(4000, 0.05, 2);
  for (std::size_t i = 0; i < data.values.size(); i += 8) data.values[i] = 1;
  double logistic = 0;
  double mlp = 0;
  double count = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const SentenceLengthProbe probe =
        probe_sentence_length(
            data.vectors(), data.property,
            {.seed = seed, .hidden = {50, 100}, .dropouts = {0, 0.2}, .epochs = 4})
            .value();
    logistic += static_cast<double>(probe.logistic.accuracy.hits);
    mlp += static_cast<double>(probe.mlp.accuracy.hits);
    count += static_cast<double>(probe.mlp.accuracy.count);
  }
  // Three and a half standard errors of chance.
  const double reach = 3.5 * std::sqrt(5.0 / 36 / count);
  EXPECT_NEAR(logistic / count, 1.0 / 6, reach);
  EXPECT_NEAR(mlp / count, 1.0 / 6, reach);
}

TEST(SentenceLengthProbe, SameNumbersForTheSameSeed) {
  const Data data = length_data(1500, 0.2, 3);
  const auto accuracy = [&](std::uint64_t seed) {
    const SentenceLengthProbe probe =
        probe_sentence_length(data.vectors(), data.property, {.seed = seed, .dropouts = {0.1}})
            .value();
    return std::pair(probe.mlp.accuracy.hits, probe.logistic.accuracy.hits);
  };
  EXPECT_EQ(accuracy(1), accuracy(1));
  EXPECT_NE(accuracy(1), accuracy(2));
}

TEST(SentenceLengthProbe, TooLittleOrOutOfRange) {
  const Data data = length_data(60, 0.1, 4);
  EXPECT_FALSE(probe_sentence_length({}, {}));
  EXPECT_FALSE(probe_sentence_length(data.vectors(), data.property));
  EXPECT_FALSE(probe_sentence_length(data.vectors(), std::vector(60, 500.0)));
  const auto rejects = [&](const SentenceLengthOptions& options) {
    EXPECT_THROW(probe_sentence_length(data.vectors(), data.property, options),
                 std::invalid_argument);
  };
  rejects({.penalties = {}});
  rejects({.penalties = {0}});
  rejects({.hidden = {0}});
  rejects({.hidden = {100000}});
  rejects({.dropouts = {1}});
  rejects({.dropouts = {kNan}});
  rejects({.epochs = 0});
}

TEST(NormDirection, FindsTheContainer) {
  const NormDirectionOptions options{.reruns = 8};
  const Data in_norm = make(600, 6, 7, norm);
  const NormDirection by_norm =
      compare_norm_and_direction(in_norm.vectors(), in_norm.property, options).value();
  EXPECT_GT(by_norm.intact.value, 0.99);
  EXPECT_GT(by_norm.direction_replaced.value, 0.99);
  EXPECT_LT(by_norm.norm_replaced.value, 0.05);
  EXPECT_LT(by_norm.both_replaced.value, 0.05);
  EXPECT_GT(by_norm.norm_loss.interval.value().low, 0.9);

  const Data in_direction = make(600, 6, 8, [](auto h) { return first(h) / norm(h); });
  const NormDirection by_direction =
      compare_norm_and_direction(in_direction.vectors(), in_direction.property, options).value();
  EXPECT_GT(by_direction.intact.value, 0.8);
  EXPECT_GT(by_direction.norm_replaced.value, 0.6);
  EXPECT_LT(by_direction.direction_replaced.value, 0.05);
  EXPECT_GT(by_direction.direction_loss.interval.value().low, 0.7);
  EXPECT_EQ(by_direction.reruns, 8U);
}

TEST(NormDirection, TheIntervalCoversTheMeanOverReruns) {
  const Data data = make(
      150, 4, 9, [](auto h) { return first(h) + norm(h); }, 1);
  constexpr int kRepeats = 300;
  std::vector<Interval> intervals;
  double mean = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const NormDirection one =
        compare_norm_and_direction(data.vectors(), data.property,
                                   {.seed = static_cast<std::uint64_t>(repeat), .reruns = 10})
            .value();
    intervals.push_back(one.norm_replaced.interval.value());
    mean += one.norm_replaced.value / kRepeats;
  }
  const auto covers = [&](const Interval& one) { return one.low <= mean && mean <= one.high; };
  const double share = static_cast<double>(std::ranges::count_if(intervals, covers)) / kRepeats;
  EXPECT_GT(share, 0.96);
}

TEST(NormDirection, TooLittleOrOutOfRange) {
  const Data data = make(40, 3, 10, first);
  EXPECT_FALSE(compare_norm_and_direction({}, {}));
  EXPECT_FALSE(compare_norm_and_direction(data.vectors(), std::vector(40, 1.0)));
  EXPECT_THROW(compare_norm_and_direction(data.vectors(), data.property, {.reruns = 1}),
               std::invalid_argument);
  EXPECT_THROW(compare_norm_and_direction(data.vectors(), data.property, {.most_sentences = 3}),
               std::invalid_argument);
  const std::vector<float> zeros(120, 0);
  const auto blind =
      compare_norm_and_direction({.values = zeros, .columns = 3}, data.property, {.reruns = 2});
  EXPECT_TRUE(std::isfinite(blind.value().intact.value));
}

TEST(DecomposeNorm, SharesAddUpToOneAndPartsToTheCorrelation) {
  Data data = make(3000, 96, 11, norm, 0.5);
  // A rogue dimension far from zero, as encoders have them.
  for (std::size_t i = 0; i < data.values.size(); i += 96) data.values[i] += 20;
  const Dimensions dimensions = decompose_norm(data.vectors(), data.property).value();
  double shares = 0;
  for (const DimensionShare& share : dimensions.shares) shares += share.share;
  EXPECT_NEAR(shares, 1, 1e-12);
  EXPECT_EQ(dimensions.shares[0].dimension, 0U);
  EXPECT_GT(dimensions.shares[0].share, 0.8);
  EXPECT_NEAR(dimensions.shares[0].mean, 20, 0.1);
  EXPECT_FALSE(dimensions.shares[0].scale_share);
  // Without it, the rest is as it was: the norm that the property was made of, nearly.
  EXPECT_GT(dimensions.without[0].relation.value().r_squared,
            5 * dimensions.whole.value().r_squared);
  EXPECT_GT(dimensions.centred.value().r_squared, 5 * dimensions.whole->r_squared);
}

TEST(DecomposeNorm, ADimensionThatWorksAgainstTheNorm) {
  Random random(12);
  Data data{.values = {}, .columns = 2, .property = {}};
  for (int i = 0; i < 500; ++i) {
    const double large = 5 + random.normal();
    data.values.push_back(static_cast<float>(large));
    data.values.push_back(static_cast<float>(5 - 0.3 * (large - 5)));
    data.property.push_back(large);
  }
  const Dimensions dimensions = decompose_norm(data.vectors(), data.property).value();
  EXPECT_EQ(dimensions.shares[0].dimension, 0U);
  EXPECT_GT(dimensions.shares[0].share, 1);
  EXPECT_LT(dimensions.shares[1].share, 0);
  EXPECT_LT(dimensions.shares[1].property_part, 0);
}

TEST(DecomposeNorm, TooLittleOrOutOfRange) {
  const std::vector<float> four{1, 2, 3, 4};
  EXPECT_FALSE(decompose_norm({}, {}));
  EXPECT_FALSE(decompose_norm({.values = four, .columns = 4}, std::vector{1.0}));
  EXPECT_FALSE(decompose_norm({.values = std::vector<float>{3, 4, 4, 3}, .columns = 2},
                              std::vector{1.0, 2.0}));
  const auto equal = decompose_norm({.values = four, .columns = 2}, std::vector{5.0, 5.0});
  EXPECT_FALSE(equal.value().whole);
  EXPECT_EQ(equal->property_correlation, 0);
  EXPECT_THROW(
      decompose_norm({.values = four, .columns = 2}, std::vector{1.0, 2.0}, std::vector<float>{1}),
      std::invalid_argument);
  EXPECT_THROW(decompose_norm({.values = four, .columns = 2}, std::vector{1.0, 2.0},
                              std::vector<float>{1, NAN}),
               std::invalid_argument);
}

}  // namespace
}  // namespace normscope

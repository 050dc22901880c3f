#include "normscope/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/difference.h"
#include "base/random.h"

namespace normscope {
namespace {

std::vector<std::uint64_t> first_indices(std::size_t n) {
  std::vector<std::uint64_t> indices(n);
  std::iota(indices.begin(), indices.end(), std::uint64_t{0});
  return indices;
}

/// Norms with this slope on the lengths and noise that grows with them.
ComparedRun sample(std::size_t n, double slope, Random& random, std::string corpus = {}) {
  ComparedRun run{
      .corpus = std::move(corpus), .indices = first_indices(n), .properties = {}, .statistics = {}};
  for (std::size_t i = 0; i < n; ++i) {
    run.properties.push_back(1 + static_cast<double>(random.below(40)));
    run.statistics.push_back(10 + slope * run.properties.back() +
                             (0.5 + run.properties.back() / 40) * random.normal());
  }
  return run;
}

/// The same sentences under another model, whose noise is mostly that of the first.
ComparedRun retold(const ComparedRun& run, double slope, Random& random) {
  ComparedRun other = run;
  for (std::size_t i = 0; i < run.statistics.size(); ++i) {
    other.statistics[i] += slope * run.properties[i] + 0.3 * random.normal();
  }
  return other;
}

double width(const std::optional<Difference>& difference) {
  const Interval interval = difference.value().estimate.interval.value();
  return interval.high - interval.low;
}

TEST(Compare, DifferencesAreThoseOfTheNumbers) {
  Random random(1);
  const ComparedRun one = sample(300, 0.02, random);
  const ComparedRun two = sample(200, 0.05, random);
  const Comparison found = compare(std::vector{one, two});
  ASSERT_EQ(found.pairs.size(), 1U);
  const RunPair& pair = found.pairs[0];
  EXPECT_EQ(pair.shared, 0U);
  const RunNumbers& a = found.runs[0];
  const RunNumbers& b = found.runs[1];
  EXPECT_EQ(pair.slope.value().estimate.value, b.line->slope.value - a.line->slope.value);
  EXPECT_EQ(pair.mean.value().estimate.value, b.mean->value - a.mean->value);
  // Symmetric intervals: the root of the sum of squared half widths.
  const double half = std::hypot(a.line->slope.interval->high - a.line->slope.value,
                                 b.line->slope.interval->high - b.line->slope.value);
  EXPECT_NEAR(pair.slope->estimate.interval->low, pair.slope->estimate.value - half, 1e-12);
  EXPECT_NEAR(pair.slope->estimate.interval->high, pair.slope->estimate.value + half, 1e-12);
  const double error = std::hypot(*a.line->slope.standard_error, *b.line->slope.standard_error);
  EXPECT_DOUBLE_EQ(pair.slope->estimate.standard_error.value(), error);
  // Student's t is near the normal here.
  EXPECT_NEAR(*pair.slope->p_value, std::erfc(pair.slope->estimate.value / error / std::sqrt(2)),
              2e-3);
}

TEST(Compare, MeanHasStudentsInterval) {
  ComparedRun run{
      .corpus = {}, .indices = {0, 1, 2}, .properties = {1, 2, 3}, .statistics = {4, 6, 8}};
  const Estimate mean = compare(std::vector{run, run}).runs[0].mean.value();
  EXPECT_EQ(mean.value, 6);
  EXPECT_DOUBLE_EQ(mean.standard_error.value(), 2 / std::sqrt(3));
  EXPECT_NEAR(mean.interval->high, 6 + 4.302652729911275 * 2 / std::sqrt(3), 1e-9);
}

TEST(Difference, KeepsTheAsymmetryOfIntervals) {
  const Estimate first{.value = 0.2, .standard_error = 0.1, .interval = Interval{0.17, 0.28}};
  const Estimate second{.value = 0.5, .standard_error = 0.2, .interval = Interval{0.44, 0.6}};
  const Difference found = independent_difference(first, second);
  EXPECT_DOUBLE_EQ(found.estimate.value, 0.3);
  EXPECT_DOUBLE_EQ(found.estimate.interval->low, 0.3 - std::hypot(0.06, 0.08));
  EXPECT_DOUBLE_EQ(found.estimate.interval->high, 0.3 + std::hypot(0.1, 0.03));
  EXPECT_NEAR(found.p_value.value(), std::erfc(1.959963984540054 * 3 / std::sqrt(2)), 1e-12);
  // An end of the interval at 0 is p = 0.05.
  const Estimate nought{.value = 0, .standard_error = 0, .interval = Interval{0, 0}};
  const Estimate at_edge{.value = 0.1, .standard_error = 0.05, .interval = Interval{0, 0.3}};
  EXPECT_NEAR(independent_difference(nought, at_edge).p_value.value(), 0.05, 1e-12);
}

TEST(Difference, Resampled) {
  std::vector<double> resamples(199);
  std::iota(resamples.begin(), resamples.end(), -9.0);  // nine below 0, one at it
  const Difference found = resampled_difference(50, resamples);
  EXPECT_DOUBLE_EQ(found.p_value.value(), 2 * 11.0 / 200);
  EXPECT_DOUBLE_EQ(found.estimate.interval->low, -9 + 0.025 * 198);
  EXPECT_DOUBLE_EQ(found.estimate.interval->high, -9 + 0.975 * 198);
  EXPECT_EQ(resampled_difference(0, std::vector(100, 0.0)).p_value, 1);
  resamples[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(resampled_difference(50, resamples).estimate.interval);
}

TEST(Compare, SharedSentencesMakeIntervalsNarrower) {
  Random random(2);
  const ComparedRun one = sample(500, 0.02, random, "corpus");
  const ComparedRun two = retold(one, 0.01, random);
  ComparedRun stranger = two;
  stranger.corpus = "another";
  const RunPair paired = compare(std::vector{one, two}).pairs[0];
  const RunPair apart = compare(std::vector{one, stranger}).pairs[0];
  EXPECT_EQ(paired.shared, 500U);
  EXPECT_EQ(apart.shared, 0U);
  EXPECT_EQ(paired.slope->estimate.value, apart.slope->estimate.value);
  EXPECT_LT(width(paired.slope), 0.7 * width(apart.slope));
  EXPECT_LT(width(paired.mean), 0.5 * width(apart.mean));
  EXPECT_LT(width(paired.r_squared), width(apart.r_squared));
  EXPECT_LT(width(paired.spearman), width(apart.spearman));
}

TEST(Compare, ResamplingAgreesWithTheFormulasWhereNothingPairs) {
  Random random(3);
  const ComparedRun one = sample(800, 0.02, random, "corpus");
  ComparedRun two = sample(800, 0.03, random, "corpus");
  // The same indices, but independent numbers: both ways are right.
  const RunPair resampled = compare(std::vector{one, two}).pairs[0];
  two.corpus.clear();
  const RunPair formula = compare(std::vector{one, two}).pairs[0];
  for (const auto member :
       {&RunPair::slope, &RunPair::r_squared, &RunPair::mean, &RunPair::spearman}) {
    EXPECT_NEAR(width(resampled.*member) / width(formula.*member), 1, 0.15);
  }
}

TEST(Compare, RunsThatShareSomeSentences) {
  Random random(4);
  const ComparedRun whole = sample(400, 0.02, random, "corpus");
  ComparedRun part = retold(whole, 0, random);
  for (const std::size_t gone : {399U, 200U, 0U}) {
    const auto at = static_cast<std::ptrdiff_t>(gone);
    part.indices.erase(part.indices.begin() + at);
    part.properties.erase(part.properties.begin() + at);
    part.statistics.erase(part.statistics.begin() + at);
  }
  const Comparison found = compare(std::vector{part, whole});
  EXPECT_EQ(found.pairs[0].shared, 397U);
  EXPECT_EQ(found.pairs[0].slope->estimate.value,
            found.runs[1].line->slope.value - found.runs[0].line->slope.value);
  EXPECT_TRUE(found.pairs[0].slope->estimate.interval);
}

TEST(Compare, ARunWithItself) {
  Random random(5);
  const ComparedRun run = sample(100, 0.02, random, "corpus");
  const RunPair pair = compare(std::vector{run, run}).pairs[0];
  for (const auto member :
       {&RunPair::slope, &RunPair::r_squared, &RunPair::mean, &RunPair::spearman}) {
    EXPECT_EQ((pair.*member)->estimate.value, 0);
    EXPECT_EQ(width(pair.*member), 0);
    EXPECT_EQ((pair.*member)->p_value, 1);
  }
}

TEST(Compare, ThreadsAndRepetitionChangeNothing) {
  Random random(6);
  const ComparedRun one = sample(200, 0.02, random, "corpus");
  const std::vector runs{one, retold(one, 0.01, random)};
  const RunPair first = compare(runs, {.seed = 7, .threads = 1}).pairs[0];
  const RunPair again = compare(runs, {.seed = 7, .threads = 4}).pairs[0];
  const RunPair other = compare(runs, {.seed = 8}).pairs[0];
  EXPECT_EQ(first.slope->estimate.interval->low, again.slope->estimate.interval->low);
  EXPECT_EQ(first.spearman->estimate.standard_error, again.spearman->estimate.standard_error);
  EXPECT_NE(first.slope->estimate.interval->low, other.slope->estimate.interval->low);
}

TEST(Compare, PairsOfManyRunsAndTheirCorrection) {
  Random random(9);
  std::vector<ComparedRun> runs;
  for (int i = 0; i < 7; ++i) runs.push_back(sample(50, 0.01 * i, random));
  const Comparison seven = compare(runs);
  ASSERT_EQ(seven.pairs.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(seven.pairs[i].first, 0U);
    EXPECT_EQ(seven.pairs[i].second, i + 1);
  }
  runs.pop_back();
  const Comparison six = compare(runs);
  ASSERT_EQ(six.pairs.size(), 15U);
  std::vector<double> p_values;
  for (const RunPair& pair : six.pairs) p_values.push_back(pair.r_squared->p_value.value());
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < 15; ++i) {
    EXPECT_EQ(six.pairs[i].r_squared->p_value_holm, adjusted[i]);
  }
}

TEST(Compare, FewAndEqualSentences) {
  const ComparedRun none{};
  const ComparedRun one{.corpus = "c", .indices = {5}, .properties = {3}, .statistics = {4}};
  const ComparedRun flat{
      .corpus = "c", .indices = {1, 5, 7}, .properties = {3, 4, 5}, .statistics = {4, 4, 4}};
  const Comparison found = compare(std::vector{none, one, flat});
  EXPECT_FALSE(found.pairs[0].mean || found.pairs[0].slope);
  EXPECT_FALSE(found.pairs[2].slope || found.pairs[2].spearman);
  EXPECT_EQ(found.pairs[2].shared, 1U);
  EXPECT_EQ(found.pairs[2].mean->estimate.value, 0);
  // Some resamples hold nothing of the run with one sentence.
  EXPECT_FALSE(found.pairs[2].mean->estimate.interval || found.pairs[2].mean->p_value);
}

TEST(Compare, RefusesWhatIsNoRun) {
  Random random(10);
  const ComparedRun good = sample(10, 0, random);
  EXPECT_THROW(compare(std::vector{good}), std::invalid_argument);
  EXPECT_THROW(compare(std::vector{good, good}, {.resamples = 99}), std::invalid_argument);
  EXPECT_THROW(compare(std::vector{good, good}, {.threads = 0}), std::invalid_argument);
  ComparedRun bad = good;
  bad.indices[3] = 2;
  EXPECT_THROW(compare(std::vector{good, bad}), std::invalid_argument);
  bad = good;
  bad.statistics.pop_back();
  EXPECT_THROW(compare(std::vector{good, bad}), std::invalid_argument);
  bad = good;
  bad.statistics[0] = std::numeric_limits<double>::infinity();
  EXPECT_THROW(compare(std::vector{good, bad}), std::invalid_argument);
}

// 95 % of the intervals should hold the truth, and 5 % of the tests of no difference should err.

struct Shares {
  double covered = 0;
  double rejected = 0;
};

using Member = std::optional<Difference> RunPair::*;

Shares shares(int repeats, std::uint64_t seed, Member member, double truth,
              const std::function<std::vector<ComparedRun>(Random&)>& draw) {
  Shares result;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    Random random(seed, static_cast<std::uint64_t>(repeat));
    const std::vector<ComparedRun> runs = draw(random);
    const RunPair pair = compare(runs, {.seed = random.next(), .resamples = 400}).pairs[0];
    const Difference& difference = (pair.*member).value();
    const auto [low, high] = difference.estimate.interval.value();
    result.covered += low <= truth && truth <= high ? 1.0 / repeats : 0;
    result.rejected += difference.p_value.value() < 0.05 ? 1.0 / repeats : 0;
  }
  return result;
}

void expect_honest(const Shares& found, bool no_difference) {
  EXPECT_GT(found.covered, 0.92);
  EXPECT_LT(found.covered, 0.98);
  if (no_difference) {
    EXPECT_NEAR(found.rejected, 1 - found.covered, 0.01);
  }
}

TEST(CompareCoverage, IndependentRuns) {
  const auto draw = [](Random& random) {
    return std::vector{sample(120, 0.02, random), sample(200, 0.05, random)};
  };
  expect_honest(shares(1000, 11, &RunPair::slope, 0.03, draw), false);
  expect_honest(shares(1000, 12, &RunPair::mean, 0.03 * 20.5, draw), false);
  const auto alike = [](Random& random) {
    return std::vector{sample(120, 0.03, random), sample(200, 0.03, random)};
  };
  for (const Member member : {&RunPair::slope, &RunPair::r_squared, &RunPair::spearman}) {
    expect_honest(shares(1000, 13, member, 0, alike), true);
  }
}

TEST(CompareCoverage, PairedRuns) {
  const auto draw = [](Random& random) {
    const ComparedRun one = sample(150, 0.02, random, "corpus");
    return std::vector{one, retold(one, 0.01, random)};
  };
  expect_honest(shares(600, 14, &RunPair::slope, 0.01, draw), false);
  expect_honest(shares(600, 15, &RunPair::mean, 0.01 * 20.5, draw), false);
  // Two models as noisy as each other, and as much bound to the length.
  const auto alike = [](Random& random) {
    const ComparedRun common = sample(150, 0.03, random, "corpus");
    return std::vector{retold(common, 0, random), retold(common, 0, random)};
  };
  for (const Member member : {&RunPair::slope, &RunPair::r_squared, &RunPair::spearman}) {
    expect_honest(shares(600, 16, member, 0, alike), true);
  }
}

TEST(CompareCoverage, RunsThatShareHalfOfTheirSentences) {
  const auto draw = [](Random& random) {
    const ComparedRun all = sample(300, 0.03, random, "corpus");
    std::vector runs{retold(all, 0, random), retold(all, 0, random)};
    for (std::size_t which = 0; which < 2; ++which) {
      ComparedRun& run = runs[which];
      const auto begin = static_cast<std::ptrdiff_t>(which * 100);
      const auto cut = [begin](auto& values) {
        values = {values.begin() + begin, values.begin() + begin + 200};
      };
      cut(run.indices);
      cut(run.properties);
      cut(run.statistics);
    }
    return runs;
  };
  for (const Member member : {&RunPair::slope, &RunPair::mean, &RunPair::r_squared}) {
    expect_honest(shares(600, 17, member, 0, draw), true);
  }
}

TEST(CompareCoverage, RunsOfOtherCorrelation) {
  Random large(18);
  const ComparedRun one = sample(200'000, 0.02, large);
  const ComparedRun two = sample(200'000, 0.06, large);
  const RunPair truth = compare(std::vector{one, two}).pairs[0];
  const auto draw = [](Random& random) {
    return std::vector{sample(150, 0.02, random), sample(250, 0.06, random)};
  };
  for (const Member member : {&RunPair::r_squared, &RunPair::spearman}) {
    expect_honest(shares(1000, 19, member, (truth.*member)->estimate.value, draw), false);
  }
}

TEST(CompareCoverage, LinesThatExplainNothingDoNotDiffer) {
  const auto apart = [](Random& random) {
    return std::vector{sample(200, 0, random), sample(200, 0, random)};
  };
  const auto together = [](Random& random) {
    const ComparedRun common = sample(200, 0, random, "corpus");
    return std::vector{retold(common, 0, random), retold(common, 0, random)};
  };
  EXPECT_LT(shares(400, 20, &RunPair::r_squared, 0, apart).rejected, 0.05);
  EXPECT_LT(shares(400, 21, &RunPair::r_squared, 0, together).rejected, 0.05);
}

}  // namespace
}  // namespace normscope

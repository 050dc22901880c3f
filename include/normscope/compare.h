// Compares runs: the mean norm, the line of the norm on the length and Spearman's ρ of each, and
// their differences with 95 % intervals and p-values.
//
//     const std::array runs{normscope::ComparedRun{"novels", indices, lengths, minilm_norms},
//                           normscope::ComparedRun{"novels", indices, lengths, bert_norms}};
//     const normscope::Comparison comparison = normscope::compare(runs, {.seed = 1});
//     const auto& slope = comparison.pairs.front().slope;  // the second run's minus the first's
//     if (slope) std::cout << slope->estimate.value << '\n';
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normscope/analysis.h"
#include "normscope/export.h"
#include "normscope/relation.h"

namespace normscope {

/// The analysed sentences of one run: an index, a property and a statistic of each, so that the
/// three vectors have the same size.
struct ComparedRun {
  /// Whatever names the corpus and how it was read: in runs with the same one, the same index
  /// means the same sentence. Empty if that is not known.
  std::string corpus;
  /// Strictly ascending.
  std::vector<std::uint64_t> indices;
  std::vector<double> properties;
  std::vector<double> statistics;
};

struct CompareOptions {
  std::uint64_t seed = 0;
  /// Resamples of the paired bootstrap; 100 to 1,000,000.
  std::uint32_t resamples = 1000;
  /// At least 1; affects only the time.
  unsigned threads = 1;
};

/// What is compared of one run; what cannot be computed is absent.
struct RunNumbers {
  std::uint64_t sentences = 0;
  /// Of the statistic, with Student's t interval.
  std::optional<Estimate> mean;
  /// The statistic on the property.
  std::optional<Regression> line;
  std::optional<RankCorrelation> spearman;
};

/// A number of one run minus that of another.
struct Difference {
  Estimate estimate;
  /// For the hypothesis of no difference; absent if the interval is.
  std::optional<double> p_value;
  /// The same after Holm's adjustment over all pairs.
  std::optional<double> p_value_holm;
};

/// The second run minus the first. A number is absent if one of the runs lacks it.
struct RunPair {
  std::size_t first = 0;
  std::size_t second = 0;
  /// How many sentences both runs have. If there are any, the intervals are percentiles of a
  /// bootstrap over the sentences of both runs (Efron and Tibshirani 1993), each resampled sentence
  /// going into every run that has it, and the p-value is twice the smaller share of resamples on
  /// one side of 0. Otherwise the runs are independent: the intervals come from those of the two
  /// numbers by MOVER (Zou 2007), and the p-value is that of a normal whose 1.96 standard errors
  /// are the interval's reach towards 0.
  std::uint64_t shared = 0;
  std::optional<Difference> slope;
  std::optional<Difference> r_squared;
  std::optional<Difference> mean;
  std::optional<Difference> spearman;
};

struct Comparison {
  CompareOptions options;
  /// In the order given.
  std::vector<RunNumbers> runs;
  /// All pairs of up to six runs; with more runs, the first with each of the others.
  std::vector<RunPair> pairs;
};

/// The same seed gives the same numbers on every machine. Throws std::invalid_argument if there are
/// fewer than two runs, sizes differ, indices do not ascend, a number is not finite or an option is
/// out of range.
NORMSCOPE_EXPORT Comparison compare(std::span<const ComparedRun> runs,
                                    const CompareOptions& options = {});

}  // namespace normscope

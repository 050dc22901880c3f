#include "normscope/compare.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <utility>

#include "analysis/difference.h"
#include "analysis/finite.h"
#include "analysis/moments.h"
#include "analysis/neighbours.h"
#include "analysis/paired_bootstrap.h"
#include "analysis/rank_correlation.h"
#include "analysis/regression.h"

namespace normscope {
namespace {

constexpr std::size_t kMostForAllPairs = 6;

void check(std::span<const ComparedRun> runs, const CompareOptions& options) {
  if (runs.size() < 2) throw std::invalid_argument("a comparison is of two runs at least");
  if (options.resamples < 100 || options.resamples > 1'000'000) {
    throw std::invalid_argument("resamples must be 100 to 1000000");
  }
  if (options.threads == 0) throw std::invalid_argument("threads must be at least 1");
  for (const ComparedRun& run : runs) {
    if (run.properties.size() != run.indices.size() ||
        run.statistics.size() != run.indices.size()) {
      throw std::invalid_argument("as many indices, properties and statistics");
    }
    check_finite(std::span(run.properties), "properties");
    check_finite(std::span(run.statistics), "statistics");
    if (std::ranges::adjacent_find(run.indices, std::greater_equal()) != run.indices.end()) {
      throw std::invalid_argument("indices must rise");
    }
  }
}

std::optional<Estimate> mean_estimate(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  const Real mean = mean_of(values);
  Estimate estimate{.value = static_cast<double>(mean), .standard_error = {}, .interval = {}};
  if (values.size() < 2) return estimate;
  Real squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  const double error = std::sqrt(static_cast<double>(squares) / (n - 1) / n);
  const boost::math::students_t_distribution<double> t(n - 1);
  const double reach = boost::math::quantile(t, 0.975) * error;
  estimate.standard_error = error;
  estimate.interval = Interval{.low = estimate.value - reach, .high = estimate.value + reach};
  return estimate;
}

RunNumbers numbers_of(const ComparedRun& run) {
  RunNumbers numbers{.sentences = run.indices.size(),
                     .mean = mean_estimate(run.statistics),
                     .line = {},
                     .spearman = {}};
  if (numbers.sentences < 2) return numbers;
  numbers.line = fit_line(run.properties, run.statistics);
  numbers.spearman =
      spearman(run.properties, run.statistics, neighbours(run.properties, run.statistics));
  return numbers;
}

std::uint64_t shared_sentences(const ComparedRun& first, const ComparedRun& second) {
  if (first.corpus.empty() || first.corpus != second.corpus) return 0;
  std::uint64_t shared = 0;
  auto other = second.indices.begin();
  for (const std::uint64_t index : first.indices) {
    while (other != second.indices.end() && *other < index) ++other;
    if (other != second.indices.end() && *other == index) ++shared;
  }
  return shared;
}

/// The numbers of a run and of the pair, by name, so that all are treated alike.
struct Measure {
  std::optional<Difference> RunPair::*difference;
  std::vector<double> PairedReplicates::*replicates;
  std::optional<Estimate> (*number)(const RunNumbers&);
};

const Measure kMeasures[] = {
    {&RunPair::slope, &PairedReplicates::slope,
     [](const RunNumbers& run) {
       return run.line ? std::optional(run.line->slope) : std::nullopt;
     }},
    {&RunPair::r_squared, &PairedReplicates::r_squared,
     [](const RunNumbers& run) {
       return run.line ? std::optional(run.line->r_squared) : std::nullopt;
     }},
    {&RunPair::mean, &PairedReplicates::mean, [](const RunNumbers& run) { return run.mean; }},
    {&RunPair::spearman, &PairedReplicates::spearman, [](const RunNumbers& run) {
       return run.spearman ? std::optional(run.spearman->estimate) : std::nullopt;
     }}};

RunPair compare_pair(std::span<const ComparedRun> runs, std::span<const RunNumbers> numbers,
                     RunPair pair, const CompareOptions& options) {
  pair.shared = shared_sentences(runs[pair.first], runs[pair.second]);
  std::optional<PairedReplicates> replicates;
  if (pair.shared > 0) {
    replicates = paired_bootstrap(runs[pair.first], runs[pair.second], options);
  }
  for (const Measure& measure : kMeasures) {
    const std::optional<Estimate> first = measure.number(numbers[pair.first]);
    const std::optional<Estimate> second = measure.number(numbers[pair.second]);
    if (!first || !second) continue;
    pair.*measure.difference =
        replicates ? resampled_difference(second->value - first->value,
                                          std::move((*replicates).*measure.replicates))
                   : independent_difference(*first, *second);
  }
  return pair;
}

void adjust(std::vector<RunPair>& pairs, std::optional<Difference> RunPair::*member) {
  std::vector<Difference*> tested;
  std::vector<double> p_values;
  for (RunPair& pair : pairs) {
    std::optional<Difference>& difference = pair.*member;
    if (!difference || !difference->p_value) continue;
    tested.push_back(&*difference);
    p_values.push_back(*difference->p_value);
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->p_value_holm = adjusted[i];
}

}  // namespace

Comparison compare(std::span<const ComparedRun> runs, const CompareOptions& options) {
  check(runs, options);
  Comparison comparison{.options = options, .runs = {}, .pairs = {}};
  for (const ComparedRun& run : runs) comparison.runs.push_back(numbers_of(run));
  const std::size_t firsts = runs.size() <= kMostForAllPairs ? runs.size() : 1;
  for (std::size_t first = 0; first < firsts; ++first) {
    for (std::size_t second = first + 1; second < runs.size(); ++second) {
      RunPair pair;
      pair.first = first;
      pair.second = second;
      comparison.pairs.push_back(compare_pair(runs, comparison.runs, pair, options));
    }
  }
  for (const Measure& measure : kMeasures) adjust(comparison.pairs, measure.difference);
  return comparison;
}

}  // namespace normscope

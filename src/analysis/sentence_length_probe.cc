#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "analysis/accuracy.h"
#include "analysis/labelled.h"
#include "analysis/logistic.h"
#include "analysis/mlp.h"
#include "analysis/proportion.h"
#include "analysis/ridge.h"
#include "analysis/stopped.h"
#include "analysis/vectors.h"
#include "base/random.h"

namespace normscope {
namespace {

constexpr auto kClasses = static_cast<std::uint32_t>(kSentenceLengthBins.size());
constexpr std::uint64_t kParts = 12;
constexpr double kTolerance = 1e-5;

struct Part {
  std::vector<float> rows;
  std::vector<std::uint32_t> labels;
};

struct Split {
  Part train;
  Part validation;
  Part judged;
};

void check(const SentenceLengthOptions& options) {
  check_penalties(options.penalties);
  if (options.penalties.empty() || options.hidden.empty() || options.dropouts.empty()) {
    throw std::invalid_argument("a penalty, a number of hidden units and a dropout to choose from");
  }
  if (!std::ranges::all_of(options.hidden,
                           [](auto units) { return units >= 1 && units <= 1000; })) {
    throw std::invalid_argument("hidden units must be 1 to 1000");
  }
  if (!std::ranges::all_of(options.dropouts, [](double p) { return p >= 0 && p < 1; })) {
    throw std::invalid_argument("dropout must lie in [0, 1)");
  }
  if (options.epochs == 0 || options.patience == 0) {
    throw std::invalid_argument("epochs and patience must be at least 1");
  }
}

std::vector<std::vector<std::size_t>> rows_of_bins(std::span<const double> lengths,
                                                   Random& random) {
  std::vector<std::vector<std::size_t>> rows(kClasses);
  for (const std::size_t i : permutation(lengths.size(), random)) {
    const auto* const bin = std::ranges::find_if(kSentenceLengthBins, [&](const Interval& bounds) {
      return lengths[i] >= bounds.low && lengths[i] <= bounds.high;
    });
    if (bin != kSentenceLengthBins.end()) {
      rows[static_cast<std::size_t>(bin - kSentenceLengthBins.begin())].push_back(i);
    }
  }
  return rows;
}

/// Takes equally many sentences of each bin for each part.
Split balanced(const Vectors& vectors, std::span<const std::vector<std::size_t>> bins,
               std::size_t each) {
  Split split;
  const std::size_t twelfth = each / kParts;
  for (std::uint32_t label = 0; label < kClasses; ++label) {
    for (std::size_t i = 0; i < each; ++i) {
      Part& part = i < twelfth ? split.judged : i < 2 * twelfth ? split.validation : split.train;
      const std::span<const float> values = row(vectors, bins[label][i]);
      part.rows.insert(part.rows.end(), values.begin(), values.end());
      part.labels.push_back(label);
    }
  }
  return split;
}

/// Mean 0 and variance 1 on the training part, so that the result does not depend on how far an
/// optimiser gets on the raw scales; a column that does not vary becomes 0.
void standardise(Split& split, std::size_t columns) {
  const std::vector<float>& known = split.train.rows;
  const auto n = static_cast<double>(split.train.labels.size());
  std::vector<double> mean(columns);
  std::vector<double> variance(columns);
  for (std::size_t i = 0; i < known.size(); ++i) mean[i % columns] += known[i] / n;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const double deviation = known[i] - mean[i % columns];
    variance[i % columns] += deviation * deviation / n;
  }
  for (Part* part : {&split.train, &split.validation, &split.judged}) {
    for (std::size_t i = 0; i < part->rows.size(); ++i) {
      const std::size_t j = i % columns;
      const double deviation = part->rows[i] - mean[j];
      part->rows[i] = variance[j] > 0 ? static_cast<float>(deviation / std::sqrt(variance[j])) : 0;
    }
  }
}

SentenceLengthProbe::Result judge(std::span<const std::uint32_t> guesses, const Part& judged,
                                  double validation_accuracy) {
  return {.accuracy = proportion(count_right(guesses, judged.labels), judged.labels.size()),
          .validation_accuracy = validation_accuracy};
}

}  // namespace

std::optional<SentenceLengthProbe> probe_sentence_length(const Vectors& vectors,
                                                         std::span<const double> lengths,
                                                         const SentenceLengthOptions& options,
                                                         const std::stop_token& stop) {
  check_vectors(vectors, lengths);
  check(options);
  Random random(options.seed);
  const std::vector<std::vector<std::size_t>> bins = rows_of_bins(lengths, random);
  std::uint64_t each = options.most_per_bin;
  for (const std::vector<std::size_t>& bin : bins) each = std::min<std::uint64_t>(each, bin.size());
  if (each < kParts || vectors.columns == 0) return std::nullopt;
  Split split = balanced(vectors, bins, each);
  check_stop(stop);
  standardise(split, vectors.columns);
  const auto labelled = [&](const Part& part) {
    return Labelled{.rows = part.rows, .columns = vectors.columns, .labels = part.labels};
  };

  SentenceLengthProbe probe;
  probe.train = split.train.labels.size();
  probe.validation = split.validation.labels.size();
  // From the strongest penalty to the weakest, each starting from the last one's solution.
  std::vector<double> penalties = options.penalties;
  std::ranges::sort(penalties, std::greater<>());
  std::vector<double> start;
  double best = -1;
  for (const double penalty : penalties) {
    const Logistic model =
        fit_logistic(labelled(split.train), kClasses, penalty, kTolerance, start, stop);
    start = model.parameters;
    const double accuracy =
        share_right(classify(model, split.validation.rows), split.validation.labels);
    if (accuracy <= best) continue;
    best = accuracy;
    probe.penalty = penalty;
    probe.logistic = judge(classify(model, split.judged.rows), split.judged, accuracy);
  }
  best = -1;
  for (const std::uint32_t hidden : options.hidden) {
    for (const double dropout : options.dropouts) {
      const Network network =
          train_network(labelled(split.train), labelled(split.validation), kClasses,
                        {.seed = random.next(),
                         .hidden = hidden,
                         .dropout = dropout,
                         .epochs = options.epochs,
                         .patience = options.patience},
                        stop);
      const double accuracy =
          share_right(classify(network, split.validation.rows), split.validation.labels);
      if (accuracy <= best) continue;
      best = accuracy;
      probe.hidden = hidden;
      probe.dropout = dropout;
      probe.mlp = judge(classify(network, split.judged.rows), split.judged, accuracy);
    }
  }
  return probe;
}

}  // namespace normscope

#include "experiment/study_builder.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "experiment/plan.h"

namespace normscope {
namespace {

// The properties that partial relations hold fixed.
constexpr Property kCovariates[] = {Property::mean_word_rank, Property::punctuation_share,
                                    Property::tokens_per_word};

// With these, the squares of squares in the variance of a slope stay well within double's range.
constexpr double kLargest = 1e50;

double within_range(double number) {
  const double magnitude = std::abs(number);
  if (!(magnitude <= kLargest)) return std::numeric_limits<double>::quiet_NaN();
  return magnitude < 1 / kLargest ? 0 : number;
}

// Its place among those that property_values() returns.
double value_of(Property property, const std::vector<double>& values) {
  return values[static_cast<std::size_t>(std::ranges::find(properties(), property) -
                                         properties().begin())];
}

}  // namespace

StudyBuilder::StudyBuilder(Manifest& manifest, TruncatedSentences truncated)
    : manifest_(manifest), kept_(manifest.length_below, truncated) {
  for (const StatisticColumn& column : manifest.statistics) {
    columns_.push_back(column);
    statistics_.push_back({.column = column, .values = {}});
  }
  for (const std::string& name : manifest.properties) {
    if (name.starts_with(kCorpusColumn)) {
      number_columns_.push_back(name.substr(kCorpusColumn.size()));
      manifest.number_columns.push_back({.name = number_columns_.back()});
    } else {
      properties_.push_back(property_named(name));
    }
    property_values_.push_back({.name = name, .values = {}});
  }
  // A single question is answered without them.
  if (columns_.size() == 1 && property_values_.size() == 1 && !manifest.probes) return;
  for (const Property covariate : kCovariates) {
    covariates_.push_back(covariate);
    covariate_values_.push_back({.name = std::string(name(covariate)), .values = {}});
  }
}

void StudyBuilder::look_at(const std::vector<Measurement>& rows) {
  for (const Measurement& row : rows) {
    ranks_.add(row.text);
    kept_.count(row);
  }
}

void StudyBuilder::end_of_looking() {
  ranks_.finish();
  manifest_.drops_truncated = kept_.drops_truncated();
}

void StudyBuilder::add(MeasuredShard& shard) {
  manifest_.timings.tokenize += shard.measurements.tokenize_s;
  manifest_.timings.encode += shard.measurements.encode_s;
  manifest_.counts.encoded += shard.measurements.encoded;
  if (shard.precision_error) {
    if (!manifest_.precision_error) manifest_.precision_error.emplace();
    manifest_.precision_error->add(*shard.precision_error);
  }
  if (manifest_.probes) vectors_.append(shard.measurements.vectors.at(kProbedVectors));
  shift_ = std::move(shard.shift);
  controls_.resize(std::max(controls_.size(), shard.controls.size()));
  for (std::size_t i = 0; i < shard.controls.size(); ++i) {
    ControlRows& more = shard.controls[i];
    ControlRows& all = controls_[i];
    all.name = more.name;
    all.indices.insert(all.indices.end(), more.indices.begin(), more.indices.end());
    std::ranges::move(more.statistics, std::back_inserter(all.statistics));
    all.vectors.append(more.vectors);
  }
}

void StudyBuilder::add(std::vector<Measurement>& rows) {
  for (Measurement& row : rows) {
    ++manifest_.counts.measured;
    manifest_.counts.truncated += row.truncated ? 1 : 0;
    const std::vector<double> values = property_values(row, ranks_);
    // All but the length, which has a column of its own in the table.
    row.properties.assign(values.begin() + 1, values.end());
    if (!kept_.keeps(row)) {
      ++(kept_.is_short_enough(row) ? manifest_.counts.dropped_truncated
                                    : manifest_.counts.outside_length);
      continue;
    }
    manifest_.counts.kept_truncated += row.truncated ? 1 : 0;
    indices_.push_back(row.index);
    for (std::size_t i = 0; i < statistics_.size(); ++i) {
      statistics_[i].values.push_back(row.statistics.at(i));
    }
    auto series = property_values_.begin();
    for (const Property property : properties_) {
      (series++)->values.push_back(value_of(property, values));
    }
    for (std::size_t i = 0; i < number_columns_.size(); ++i) {
      const double number = row.numbers.at(i);
      NumberColumn& column = manifest_.number_columns[i];
      column.missing += std::isnan(number) ? 1 : 0;
      column.beyond += std::abs(number) > kLargest ? 1 : 0;
      (series++)->values.push_back(within_range(number));
    }
    for (std::size_t i = 0; i < covariates_.size(); ++i) {
      covariate_values_[i].values.push_back(value_of(covariates_[i], values));
    }
    if (manifest_.probes) words_.push_back(value_of(Property::words, values));
  }
}

const std::vector<std::string>& StudyBuilder::number_columns() const { return number_columns_; }
const std::vector<double>& StudyBuilder::lengths() const { return property_values_.front().values; }
const std::vector<double>& StudyBuilder::numbers() const { return statistics_.front().values; }

// The kept ones among the sentences with these indices: their places among all kept sentences and
// among the indices, in ascending order of the former.
StudyBuilder::Taken StudyBuilder::kept_of(const std::vector<std::uint64_t>& indices) const {
  std::vector<std::size_t> order(indices.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t row) { return indices[row]; });
  Taken taken;
  for (const std::size_t row : order) {
    const auto found = std::ranges::lower_bound(indices_, indices[row]);
    if (found == indices_.end() || *found != indices[row]) continue;
    taken.positions.push_back(static_cast<std::size_t>(found - indices_.begin()));
    taken.rows.push_back(row);
  }
  return taken;
}

std::vector<PointVectors> StudyBuilder::vectors_of(KeptVectors& all, const Taken& taken) const {
  const std::vector<ReadoutPoint> points = probed(columns_);
  std::vector<PointVectors> vectors;
  if (all.indices.empty() || taken.rows.empty()) return vectors;
  for (std::size_t point = 0; point < points.size(); ++point) {
    std::vector<float>& values = all.points.at(point);
    const std::size_t columns = values.size() / all.indices.size();
    std::vector<float> kept;
    kept.reserve(taken.rows.size() * columns);
    for (const std::size_t row : taken.rows) {
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * columns);
      kept.insert(kept.end(), begin, begin + static_cast<std::ptrdiff_t>(columns));
    }
    values = std::move(kept);
    vectors.push_back({.point = points[point], .vectors = {.values = values, .columns = columns}});
  }
  return vectors;
}

StudyInput StudyBuilder::input() {
  StudyInput input;
  input.statistics = statistics_;
  // The distance from a centre is rounded as the vectors are, whose norm is another column.
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].statistic != Statistic::centered_l2) continue;
    const auto norm = std::ranges::find(columns_, StatisticColumn{.point = columns_[i].point});
    if (norm == columns_.end()) continue;
    const std::vector<double>& norms =
        statistics_[static_cast<std::size_t>(norm - columns_.begin())].values;
    input.statistics[i].magnitude = std::reduce(norms.begin(), norms.end()) /
                                    static_cast<double>(std::max<std::size_t>(norms.size(), 1));
  }
  input.properties = property_values_;
  input.covariates = covariate_values_;
  if (!manifest_.probes) return input;
  const Taken probed = kept_of(vectors_.indices);
  input.vector_rows = probed.positions;
  input.vectors = vectors_of(vectors_, probed);
  input.beta = shift_;
  for (const std::size_t position : probed.positions) input.words.push_back(words_[position]);
  for (ControlRows& control : controls_) {
    const Taken taken = kept_of(control.indices);
    input.control_rows = taken.positions;
    ControlSample sample{.name = control.name, .statistics = {}, .vectors = {}};
    for (std::size_t i = 0; i < statistics_.size(); ++i) {
      std::vector<double>& values = sample.statistics.emplace_back();
      for (const std::size_t row : taken.rows) values.push_back(control.statistics[row].at(i));
    }
    sample.vectors = vectors_of(control.vectors, taken);
    input.controls.push_back(std::move(sample));
  }
  return input;
}

}  // namespace normscope

#include "normscope/study.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <unordered_map>
#include <utility>

#include "analysis/band.h"
#include "analysis/claims.h"
#include "analysis/distribution.h"
#include "analysis/finite.h"
#include "analysis/moments.h"
#include "analysis/proportion.h"
#include "analysis/spread.h"
#include "analysis/stopped.h"
#include "analysis/verdict.h"
#include "base/parallel.h"
#include "base/random.h"
#include "normscope/measure.h"
#include "normscope/properties.h"

namespace normscope {
namespace {

/// Streams of one seed: each use of chance has its own.
enum Stream : std::uint64_t { kPermutations = 101, kDifference };

constexpr std::uint32_t kDifferenceResamples = 1000;

/// The sums that r² is computed from.
struct Sums {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  void add(double a, double b) {
    n += 1;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }

  [[nodiscard]] double r_squared() const {
    const double a = n * xx - x * x;
    const double b = n * yy - y * y;
    const double c = n * xy - x * y;
    return a > 0 && b > 0 ? std::min(1.0, c * c / (a * b)) : 0;
  }
};

/// Values minus their mean, so that sums of squares keep their digits.
std::vector<double> centred(std::span<const double> values) {
  const auto mean = static_cast<double>(mean_of(values));
  std::vector<double> result(values.begin(), values.end());
  for (double& value : result) value -= mean;
  return result;
}

std::vector<double> pick(std::span<const double> values, std::span<const std::size_t> rows) {
  std::vector<double> picked;
  picked.reserve(rows.size());
  for (const std::size_t row : rows) picked.push_back(values[row]);
  return picked;
}

/// Where there is a value.
std::vector<std::size_t> known(std::span<const double> values) {
  std::vector<std::size_t> rows;
  rows.reserve(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!std::isnan(values[row])) rows.push_back(row);
  }
  return rows;
}

double r_squared_of(std::span<const double> x, std::span<const double> y) {
  Sums sums;
  for (std::size_t i = 0; i < x.size(); ++i) sums.add(x[i], y[i]);
  return sums.r_squared();
}

/// Mean r² over permutations of the property.
double permuted_r_squared(std::span<const double> property, std::span<const double> statistic,
                          std::uint32_t permutations, std::uint64_t seed,
                          const std::stop_token& stop) {
  double sum = 0;
  for (std::uint32_t i = 0; i < permutations; ++i) {
    check_stop(stop);
    Random random(seed, i);
    sum += r_squared_of(pick(property, permutation(property.size(), random)), statistic);
  }
  return sum / permutations;
}

/// r² of the real statistic minus that of the control, resampled by sentence.
Estimate difference_of(std::span<const double> property, std::span<const double> real,
                       std::span<const double> control, std::uint64_t seed,
                       const std::stop_token& stop) {
  const std::size_t n = property.size();
  Estimate difference{.value = r_squared_of(property, real) - r_squared_of(property, control),
                      .standard_error = {},
                      .interval = {}};
  if (n < 4) return difference;
  Random random(seed);
  std::vector<double> replicates;
  replicates.reserve(kDifferenceResamples);
  for (std::uint32_t i = 0; i < kDifferenceResamples; ++i) {
    check_stop(stop);
    Sums with;
    Sums without;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t row = random.below(n);
      with.add(property[row], real[row]);
      without.add(property[row], control[row]);
    }
    replicates.push_back(with.r_squared() - without.r_squared());
  }
  std::ranges::sort(replicates);
  const auto mean = static_cast<double>(mean_of(replicates));
  double squares = 0;
  for (const double value : replicates) squares += (value - mean) * (value - mean);
  difference.standard_error = std::sqrt(squares / (kDifferenceResamples - 1));
  difference.interval = Interval{quantile(replicates, 0.025), quantile(replicates, 0.975)};
  return difference;
}

void check(const StudyInput& input) {
  if (input.statistics.empty() || input.properties.empty()) {
    throw std::invalid_argument("a study has a statistic and a property");
  }
  check_finite(std::span<const double>(input.properties.front().values), "the first property");
  const std::size_t n = input.properties.front().values.size();
  const auto all_have_n = [n](const auto& series) {
    return std::ranges::all_of(series, [n](const auto& s) { return s.values.size() == n; });
  };
  const auto below_n = [n](const std::vector<std::size_t>& rows) {
    return std::ranges::all_of(rows, [n](std::size_t row) { return row < n; });
  };
  bool fits = all_have_n(input.statistics) && all_have_n(input.properties) &&
              all_have_n(input.covariates) && below_n(input.vector_rows) &&
              below_n(input.control_rows);
  const auto rows_are = [](const std::vector<PointVectors>& vectors, std::size_t rows) {
    return std::ranges::all_of(vectors, [rows](const PointVectors& point) {
      return point.vectors.values.size() == rows * point.vectors.columns;
    });
  };
  fits = fits && rows_are(input.vectors, input.vector_rows.size()) &&
         (input.vectors.empty() || input.words.size() == input.vector_rows.size());
  for (const ControlSample& control : input.controls) {
    fits = fits && control.statistics.size() == input.statistics.size() &&
           std::ranges::all_of(control.statistics, [&](const std::vector<double>& values) {
             return values.size() == input.control_rows.size();
           });
    fits = fits && (control.vectors.empty() || control.vectors.size() == input.vectors.size());
  }
  if (!fits) throw std::invalid_argument("the parts of a study's input have other sizes");
  for (const StatisticSeries& statistic : input.statistics) {
    if (!std::isfinite(statistic.magnitude.value_or(0))) {
      throw std::invalid_argument("a magnitude must be finite");
    }
  }
}

void check(const StudyOptions& options) {
  if (!(options.band_share > 0 && options.band_share <= 1)) {
    throw std::invalid_argument("band_share must lie in (0, 1]");
  }
  if (!(options.precision >= 0)) throw std::invalid_argument("precision must not be negative");
}

/// A piece of a study's work, and about how many milliseconds one thread needs for it.
struct Job {
  double cost = 0;
  std::function<void()> run;
};

/// Fits of a matrix this wide by eigenvalues, in milliseconds.
double matrix_cost(std::size_t columns) { return 4e-7 * std::pow(static_cast<double>(columns), 3); }

double scatter_cost(std::size_t rows, std::size_t columns) {
  return 1.5e-7 * static_cast<double>(rows) * std::pow(static_cast<double>(columns), 2);
}

class Analyst {
 public:
  Analyst(const StudyInput& input, const StudyOptions& options, const std::stop_token& stop)
      : input_(input),
        options_(options),
        stop_(stop),
        probed_(pick(input.properties.front().values, input.vector_rows)),
        shared_rows_(rows_with_control_vectors()),
        shared_property_(pick(probed_, shared_rows_)),
        shared_words_(input.vectors.empty() ? std::vector<double>()
                                            : pick(input.words, shared_rows_)) {}

  /// All the work; the jobs write into `study`, each to a place of its own. The probes take
  /// longest, so they come first.
  [[nodiscard]] std::vector<Job> jobs(Study& study) const {
    std::vector<Job> jobs;
    for (std::size_t point = 0; point < input_.vectors.size(); ++point) {
      add_probes(point, study.probes[point], jobs);
    }
    if (!input_.vectors.empty()) {
      const Vectors& vectors = input_.vectors.front().vectors;
      jobs.push_back({.cost = 3e-5 * static_cast<double>(vectors.values.size()), .run = [&] {
                        study.dimensions = decompose_norm(vectors, probed_, input_.beta, stop_);
                      }});
    }
    const std::size_t columns = input_.statistics.size();
    for (std::size_t pair = 0; pair < study.relations.size(); ++pair) {
      jobs.push_back({.cost = relation_cost(), .run = [this, &study, pair, columns] {
                        RelationOptions options = options_.relation;
                        if (pair == 0) options.r_squared_confidence = options_.r_squared_confidence;
                        study.relations[pair] =
                            relate_pair(input_.properties[pair / columns], pair % columns, options);
                      }});
    }
    return jobs;
  }

 private:
  void add_probes(std::size_t point, PointProbes& found, std::vector<Job>& jobs) const {
    const Vectors& here = input_.vectors[point].vectors;
    found.point = input_.vectors[point].point;
    found.sentences = probed_.size();
    add_ridge(here, probed_, options_.ridge, found.ridge, jobs);
    add_sentence_length(here, input_.words, found.sentence_length, jobs);
    if (point == 0) {
      const std::size_t drawn =
          std::min<std::size_t>(probed_.size(), options_.norm_direction.most_sentences);
      const double rerun = scatter_cost(drawn, here.columns) + matrix_cost(here.columns);
      jobs.push_back(
          {.cost = 4 * options_.norm_direction.reruns * rerun, .run = [this, &here, &found] {
             found.norm_direction =
                 compare_norm_and_direction(here, probed_, options_.norm_direction, stop_);
           }});
    }
    RidgeOptions ridge = options_.ridge;
    ridge.permutations = 0;
    for (const ControlSample& control : input_.controls) {
      if (control.vectors.empty()) continue;
      const Vectors& vectors = control.vectors[point].vectors;
      ProbeControl& into = found.controls[control.name];
      add_ridge(vectors, shared_property_, ridge, into.ridge, jobs);
      add_sentence_length(vectors, shared_words_, into.sentence_length, jobs);
    }
  }

  void add_ridge(const Vectors& vectors, const std::vector<double>& property,
                 const RidgeOptions& options, std::optional<RidgeProbe>& found,
                 std::vector<Job>& jobs) const {
    const double cost = scatter_cost(property.size(), vectors.columns) +
                        options.folds * matrix_cost(vectors.columns);
    jobs.push_back({.cost = cost, .run = [this, &vectors, &property, options, &found] {
                      found = probe_by_ridge(vectors, property, options, stop_);
                    }});
  }

  void add_sentence_length(const Vectors& vectors, const std::vector<double>& words,
                           std::optional<SentenceLengthProbe>& found,
                           std::vector<Job>& jobs) const {
    jobs.push_back({.cost = 1e-3 * static_cast<double>(vectors.values.size()),
                    .run = [this, &vectors, &words, &found] {
                      found =
                          probe_sentence_length(vectors, words, options_.sentence_length, stop_);
                    }});
  }

  [[nodiscard]] double relation_cost() const {
    const auto sentences = static_cast<double>(input_.statistics.front().values.size());
    const auto controlled = static_cast<double>(input_.control_rows.size());
    const auto controls = static_cast<double>(input_.controls.size());
    return 3e-6 * (sentences * (options_.relation.resamples + 500.0) +
                   controlled * (options_.permutations + controls * kDifferenceResamples));
  }

  [[nodiscard]] GridRelation relate_pair(const Series& property, std::size_t column,
                                         const RelationOptions& options) const {
    const StatisticSeries& statistic = input_.statistics[column];
    const std::vector<std::size_t> rows = known(property.values);
    const std::vector<double> x = pick(property.values, rows);
    const std::vector<double> y = pick(statistic.values, rows);
    return {.statistic = statistic.column,
            .property = property.name,
            .relation = relate(x, y, options, stop_),
            .p_value_holm = {},
            .partial = hold_fixed(property.name, rows, x, y),
            .controls = control(property.values, column)};
  }

  [[nodiscard]] std::optional<HeldFixed> hold_fixed(const std::string& property,
                                                    std::span<const std::size_t> rows,
                                                    std::span<const double> x,
                                                    std::span<const double> y) const {
    std::vector<const Series*> fixed;
    // A user's own column may be related to the norm only through the length.
    if (property.starts_with(kCorpusColumn)) fixed.push_back(&input_.properties.front());
    for (const Series& covariate : input_.covariates) {
      if (covariate.name != property) fixed.push_back(&covariate);
    }
    if (fixed.empty()) return std::nullopt;
    std::vector<double> given;
    given.reserve(fixed.size() * rows.size());
    for (const std::size_t row : rows) {
      for (const Series* covariate : fixed) given.push_back(covariate->values[row]);
    }
    const auto relation = relate_given(x, y, given, fixed.size(), stop_);
    if (!relation) return std::nullopt;
    HeldFixed found{.given = {}, .relation = *relation};
    for (const Series* covariate : fixed) found.given.push_back(covariate->name);
    return found;
  }

  [[nodiscard]] std::optional<RelationControls> control(std::span<const double> property,
                                                        std::size_t column) const {
    const std::vector<double> of_controls = pick(property, input_.control_rows);
    const std::vector<std::size_t> rows = known(of_controls);
    if (rows.size() < 2) return std::nullopt;
    const std::vector<double> x = centred(pick(of_controls, rows));
    const std::vector<double> y =
        centred(pick(pick(input_.statistics[column].values, input_.control_rows), rows));
    const std::uint64_t seed = options_.relation.seed;
    RelationControls found{
        .sentences = rows.size(),
        .real = r_squared_of(x, y),
        .permuted = permuted_r_squared(x, y, options_.permutations,
                                       Random(seed, kPermutations).next(), stop_),
        .measured = {}};
    for (const ControlSample& control : input_.controls) {
      const std::vector<double> other = centred(pick(control.statistics[column], rows));
      found.measured[control.name] = {
          .r_squared = r_squared_of(x, other),
          .difference = difference_of(x, y, other, Random(seed, kDifference).next(), stop_)};
    }
    return found;
  }

  /// Rows of the vectors whose sentences are in the control sample too.
  [[nodiscard]] std::vector<std::size_t> rows_with_control_vectors() const {
    std::vector<bool> controlled(input_.properties.front().values.size());
    for (const std::size_t row : input_.control_rows) controlled[row] = true;
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < input_.vector_rows.size(); ++row) {
      if (controlled[input_.vector_rows[row]]) rows.push_back(row);
    }
    return rows;
  }

  const StudyInput& input_;
  const StudyOptions& options_;
  const std::stop_token& stop_;
  /// The first property of the vectors' sentences; and, for those among them that the controls have
  /// too, that property and the words.
  std::vector<double> probed_;
  std::vector<std::size_t> shared_rows_;
  std::vector<double> shared_property_;
  std::vector<double> shared_words_;
};

/// Runs the jobs and tells after each how much of the work is done.
void run(const std::vector<Job>& jobs, unsigned threads, const StudyProgress& progress,
         const std::stop_token& stop) {
  const auto work = [](const Job& job) { return static_cast<std::uint64_t>(job.cost) + 1; };
  std::uint64_t total = 0;
  for (const Job& job : jobs) total += work(job);
  std::uint64_t done = 0;
  std::mutex mutex;
  parallel_for(threads, jobs.size(), stop, [&](unsigned, std::size_t i) {
    jobs[i].run();
    const std::scoped_lock lock(mutex);
    done += work(jobs[i]);
    if (progress) progress(done, total);
  });
}

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::ranges::sort(copy);
  return copy;
}

/// What the study says about the first statistic and the first property besides their relation.
void describe_question(const StudyInput& input, const StudyOptions& options, Study& study) {
  const Series& property = input.properties.front();
  const std::vector<double> statistic = sorted(input.statistics.front().values);
  study.statistic = describe(statistic);
  study.property = describe(sorted(property.values));
  study.band = shortest_band(statistic, options.band_share);
  if (property.name != name(Property::tokens)) return;
  study.claims = test_claims(property.values, input.statistics.front().values, *study.band,
                             options.relation.short_below);
}

}  // namespace

Study study(const StudyInput& input, const StudyOptions& options, const StudyProgress& progress,
            const std::stop_token& stop) {
  check(input);
  check(options);
  Study result;
  result.sentences = input.properties.front().values.size();
  for (const StatisticSeries& series : input.statistics) {
    result.statistics.push_back({.column = series.column, .spread = {}});
    if (result.sentences == 0) continue;
    result.statistics.back().spread = spread_of(series.values, series.magnitude, options.precision);
  }
  for (const Series& series : input.properties) result.properties.push_back(series.name);
  result.relations.resize(input.statistics.size() * input.properties.size());
  result.probes.resize(input.vectors.size());
  const Analyst analyst(input, options, stop);
  run(analyst.jobs(result), options.threads, progress, stop);

  std::vector<double> p_values;
  for (const GridRelation& found : result.relations) {
    if (found.relation.spearman) p_values.push_back(found.relation.spearman->p_value);
  }
  const std::vector<double> adjusted = holm(p_values);
  std::size_t next = 0;
  for (GridRelation& found : result.relations) {
    if (found.relation.spearman) found.p_value_holm = adjusted[next++];
  }
  if (result.sentences > 0) describe_question(input, options, result);
  result.conclusion = conclude(result, options.words);
  return result;
}

}  // namespace normscope

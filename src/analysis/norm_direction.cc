#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "analysis/held_out.h"
#include "analysis/moments.h"
#include "analysis/ridge.h"
#include "analysis/stopped.h"
#include "analysis/vectors.h"
#include "base/random.h"

namespace normscope {
namespace {

enum Kept : std::uint8_t { kBoth, kDirection, kNorm, kNeither, kVariants };

double norm_of(std::span<const float> values) {
  double squares = 0;
  for (const float value : values) squares += static_cast<double>(value) * value;
  return std::sqrt(squares);
}

/// Replaces the norm by a uniform number within the range, and the direction by a uniform point on
/// the sphere, unless they are to be kept.
void replace(std::span<float> values, bool keep_norm, bool keep_direction, const Interval& range,
             Random& random) {
  const double norm =
      keep_norm ? norm_of(values) : range.low + (range.high - range.low) * random.uniform();
  if (!keep_direction) {
    for (float& value : values) value = static_cast<float>(random.normal());
  }
  const double length = norm_of(values);
  if (length == 0) return;
  for (float& value : values) value = static_cast<float>(value * (norm / length));
}

/// Appends the norms as a column whose variance is the mean of the others'.
std::vector<float> with_norms(std::span<const float> values, std::size_t columns) {
  const std::size_t n = values.size() / columns;
  std::vector<double> norms;
  std::vector<double> sums(columns);
  std::vector<double> squares(columns);
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<const float> vector = values.subspan(i * columns, columns);
    norms.push_back(norm_of(vector));
    for (std::size_t j = 0; j < columns; ++j) {
      sums[j] += vector[j];
      squares[j] += static_cast<double>(vector[j]) * vector[j];
    }
  }
  const auto count = static_cast<double>(n);
  double variance = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    variance +=
        std::max(squares[j] - sums[j] * sums[j] / count, 0.0) / static_cast<double>(columns);
  }
  const auto mean = static_cast<double>(mean_of(norms));
  double norm_variance = 0;
  for (const double norm : norms) norm_variance += (norm - mean) * (norm - mean);
  const double unit = norm_variance > 0 ? std::sqrt(variance / norm_variance) : 0;
  std::vector<float> result;
  result.reserve(values.size() + n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<const float> vector = values.subspan(i * columns, columns);
    result.insert(result.end(), vector.begin(), vector.end());
    result.push_back(static_cast<float>(unit * (norms[i] - mean)));
  }
  return result;
}

/// R² on the last fifth of the rows, learned on the others; 0 if that fifth is constant.
double held_out(const Vectors& vectors, std::span<const double> property,
                const std::stop_token& stop) {
  const std::size_t known = property.size() - property.size() / 5;
  std::vector<std::size_t> rows(known);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Targets targets{.values = property, .columns = 1};
  const RidgeFit fit =
      Scatter(vectors, targets, rows, centre_of(vectors, targets), stop).fit({}, stop).front();
  const auto mean = static_cast<double>(mean_of(property.first(known)));
  std::vector<double> errors;
  std::vector<double> constant_errors;
  for (std::size_t i = known; i < property.size(); ++i) {
    errors.push_back(property[i] - predict(fit, row(vectors, i)));
    constant_errors.push_back(property[i] - mean);
  }
  const std::optional<Estimate> r_squared = held_out_r_squared(errors, constant_errors);
  return r_squared ? r_squared->value : 0;
}

/// Mean over reruns with its 99 % interval.
Estimate over_reruns(std::span<const double> values) {
  const Real n = static_cast<Real>(values.size());
  const Real mean = mean_of(values);
  Real squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const Real error = std::sqrt(squares / (n - 1) / n);
  const boost::math::students_t_distribution<double> t(static_cast<double>(n - 1));
  const Real reach = boost::math::quantile(t, 0.995) * error;
  return {.value = static_cast<double>(mean),
          .standard_error = static_cast<double>(error),
          .interval = Interval{.low = static_cast<double>(mean - reach),
                               .high = static_cast<double>(mean + reach)}};
}

Estimate difference(std::span<const double> from, std::span<const double> less) {
  std::vector<double> values;
  for (std::size_t i = 0; i < from.size(); ++i) values.push_back(from[i] - less[i]);
  return over_reruns(values);
}

}  // namespace

std::optional<NormDirection> compare_norm_and_direction(const Vectors& vectors,
                                                        std::span<const double> property,
                                                        const NormDirectionOptions& options,
                                                        const std::stop_token& stop) {
  check_vectors(vectors, property);
  if (options.reruns < 2 || options.reruns > 10000) {
    throw std::invalid_argument("reruns must be 2 to 10000");
  }
  if (options.most_sentences < 20) {
    throw std::invalid_argument("most_sentences must be at least 20");
  }
  const std::size_t n = property.size();
  const std::size_t columns = vectors.columns;
  if (n < 20 || columns == 0 || all_equal(property)) return std::nullopt;
  Interval range{.low = norm_of(row(vectors, 0)), .high = 0};
  for (std::size_t i = 0; i < n; ++i) {
    const double norm = norm_of(row(vectors, i));
    range = {.low = std::min(range.low, norm), .high = std::max(range.high, norm)};
  }

  const auto drawn = static_cast<std::size_t>(std::min<std::uint64_t>(n, options.most_sentences));
  std::array<std::vector<double>, kVariants> scores;
  for (std::uint32_t rerun = 0; rerun < options.reruns; ++rerun) {
    Random random(options.seed, rerun);
    std::vector<std::size_t> order = permutation(n, random);
    order.resize(drawn);
    std::vector<double> some_property;
    for (const std::size_t i : order) some_property.push_back(property[i]);
    for (std::uint8_t kept = kBoth; kept < kVariants; ++kept) {
      check_stop(stop);
      std::vector<float> values;
      values.reserve(drawn * columns);
      for (const std::size_t i : order) {
        const std::span<const float> vector = row(vectors, i);
        values.insert(values.end(), vector.begin(), vector.end());
        if (kept != kBoth) {
          replace(std::span(values).last(columns), kept == kNorm, kept == kDirection, range,
                  random);
        }
      }
      const std::vector<float> wide = with_norms(values, columns);
      scores[kept].push_back(
          held_out({.values = wide, .columns = columns + 1}, some_property, stop));
    }
  }
  return NormDirection{.sentences = drawn,
                       .reruns = options.reruns,
                       .intact = over_reruns(scores[kBoth]),
                       .norm_replaced = over_reruns(scores[kDirection]),
                       .direction_replaced = over_reruns(scores[kNorm]),
                       .both_replaced = over_reruns(scores[kNeither]),
                       .norm_loss = difference(scores[kBoth], scores[kDirection]),
                       .direction_loss = difference(scores[kBoth], scores[kNorm])};
}

}  // namespace normscope

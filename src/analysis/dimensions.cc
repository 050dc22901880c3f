#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "analysis/finite.h"
#include "analysis/moments.h"
#include "analysis/neighbours.h"
#include "analysis/rank_correlation.h"
#include "analysis/regression.h"
#include "analysis/stopped.h"
#include "analysis/vectors.h"

namespace normscope {
namespace {

std::vector<double> deviations(std::span<const double> values) {
  const Real mean = mean_of(values);
  std::vector<double> result;
  result.reserve(values.size());
  for (const double value : values) result.push_back(static_cast<double>(value - mean));
  return result;
}

double sum_of_squares(std::span<const double> values) {
  Real sum = 0;
  for (const double value : values) sum += static_cast<Real>(value) * value;
  return static_cast<double>(sum);
}

/// Σ over the dimensions of term(h, dimension), one row each.
template <class Term>
std::vector<double> row_sums(const Vectors& vectors, std::size_t rows, const std::stop_token& stop,
                             Term term) {
  std::vector<double> sums(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    check_stop(stop);
    const std::span<const float> h = row(vectors, i);
    for (std::size_t j = 0; j < h.size(); ++j) sums[i] += term(static_cast<double>(h[j]), j);
  }
  return sums;
}

/// Σ over the rows of term(h, row, dimension), one per dimension.
template <class Term>
std::vector<double> column_sums(const Vectors& vectors, std::size_t rows,
                                const std::stop_token& stop, Term term) {
  std::vector<double> sums(vectors.columns);
  for (std::size_t i = 0; i < rows; ++i) {
    check_stop(stop);
    const std::span<const float> h = row(vectors, i);
    for (std::size_t j = 0; j < h.size(); ++j) sums[j] += term(static_cast<double>(h[j]), i, j);
  }
  return sums;
}

std::optional<NormRelation> relation_of(std::vector<double> squared_norms,
                                        std::span<const double> property,
                                        const std::stop_token& stop) {
  for (double& value : squared_norms) value = std::sqrt(value);
  const std::optional<Regression> line = fit_line(property, squared_norms);
  if (!line) return std::nullopt;
  const std::optional<RankCorrelation> rank =
      spearman(property, squared_norms, neighbours(property, squared_norms, stop), stop);
  return NormRelation{.r_squared = line->r_squared.value, .spearman = rank->estimate.value};
}

}  // namespace

std::optional<Dimensions> decompose_norm(const Vectors& vectors, std::span<const double> property,
                                         std::span<const float> beta, const std::stop_token& stop) {
  check_vectors(vectors, property);
  check_finite(beta, "beta");
  if (!beta.empty() && beta.size() != vectors.columns) {
    throw std::invalid_argument("a beta for each column");
  }
  const std::size_t n = property.size();
  if (n < 2 || vectors.columns == 0) return std::nullopt;
  const auto count = static_cast<double>(n);
  const auto square = [](double h, auto...) { return h * h; };
  const std::vector<double> norms = row_sums(vectors, n, stop, square);
  if (all_equal(norms)) return std::nullopt;
  const std::vector<double> norm_deviation = deviations(norms);
  const std::vector<double> property_deviation = deviations(property);
  const double norm_squares = sum_of_squares(norm_deviation);
  const double scale = std::sqrt(norm_squares) * std::sqrt(sum_of_squares(property_deviation));

  std::vector<double> mean =
      column_sums(vectors, n, stop, [](double h, std::size_t, std::size_t) { return h; });
  for (double& value : mean) value /= count;
  std::vector<double> mean_square = column_sums(vectors, n, stop, square);
  for (double& value : mean_square) value /= count;
  const std::vector<double> spread = column_sums(
      vectors, n, stop,
      [&](double h, std::size_t, std::size_t j) { return (h - mean[j]) * (h - mean[j]); });
  const std::vector<double> with_norm =
      column_sums(vectors, n, stop, [&](double h, std::size_t i, std::size_t j) {
        return (h * h - mean_square[j]) * norm_deviation[i];
      });
  const std::vector<double> with_property =
      column_sums(vectors, n, stop, [&](double h, std::size_t i, std::size_t j) {
        return (h * h - mean_square[j]) * property_deviation[i];
      });
  const std::vector<double> linear_with_norm =
      beta.empty() ? std::vector<double>()
                   : column_sums(vectors, n, stop, [&](double h, std::size_t i, std::size_t j) {
                       return (h - mean[j]) * norm_deviation[i];
                     });

  Dimensions result;
  for (std::size_t j = 0; j < vectors.columns; ++j) {
    DimensionShare share{.dimension = j,
                         .mean = mean[j],
                         .standard_deviation = std::sqrt(spread[j] / (count - 1)),
                         .share = with_norm[j] / norm_squares,
                         .scale_share = std::nullopt,
                         .shift_share = std::nullopt,
                         .property_part = scale > 0 ? with_property[j] / scale : 0};
    if (!beta.empty()) {
      share.shift_share = 2 * static_cast<double>(beta[j]) * linear_with_norm[j] / norm_squares;
      share.scale_share = share.share - *share.shift_share;
    }
    result.property_correlation += share.property_part;
    result.shares.push_back(share);
  }
  std::ranges::stable_sort(result.shares, std::greater<>(),
                           [](const DimensionShare& share) { return std::abs(share.share); });

  result.whole = relation_of(norms, property, stop);
  result.centred =
      relation_of(row_sums(vectors, n, stop,
                           [&](double h, std::size_t j) { return (h - mean[j]) * (h - mean[j]); }),
                  property, stop);
  std::vector<bool> kept(vectors.columns, true);
  std::size_t left_out = 0;
  for (const std::size_t wanted : {1, 2, 3, 5, 10}) {
    if (wanted >= vectors.columns) break;
    for (; left_out < wanted; ++left_out) kept[result.shares[left_out].dimension] = false;
    result.without.push_back({.left_out = wanted,
                              .relation = relation_of(row_sums(vectors, n, stop,
                                                               [&](double h, std::size_t j) {
                                                                 return kept[j] ? h * h : 0.0;
                                                               }),
                                                      property, stop)});
  }
  return result;
}

}  // namespace normscope

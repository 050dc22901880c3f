#include "analysis/ridge.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "analysis/moments.h"
#include "analysis/vectors.h"

namespace normscope {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows that are turned into double and multiplied at a time: enough for a fast product, few enough
/// for the cache.
constexpr std::size_t kBlock = 256;

std::vector<double> default_penalties(double mean_eigenvalue) {
  std::vector<double> penalties;
  const double unit = mean_eigenvalue > 0 ? mean_eigenvalue : 1;
  for (int exponent = -8; exponent <= 2; ++exponent) {
    penalties.push_back(unit * std::pow(10, exponent));
  }
  return penalties;
}

}  // namespace

struct Scatter::Sums {
  double count = 0;
  VectorXd centre;
  /// Of the columns and then the targets.
  VectorXd sum;
  /// Of the columns; the lower triangle.
  MatrixXd squares;
  /// Columns times targets.
  MatrixXd products;
  VectorXd target_squares;
};

Scatter::Scatter(std::unique_ptr<Sums> sums) : sums_(std::move(sums)) {}
Scatter::Scatter(Scatter&&) noexcept = default;
Scatter& Scatter::operator=(Scatter&&) noexcept = default;
Scatter::~Scatter() = default;

Scatter::Scatter(const Vectors& vectors, const Targets& targets, std::span<const std::size_t> rows,
                 std::span<const double> centre)
    : sums_(std::make_unique<Sums>()) {
  const auto columns = static_cast<Index>(vectors.columns);
  const auto wide = static_cast<Index>(targets.columns);
  Sums& sums = *sums_;
  sums.count = static_cast<double>(rows.size());
  sums.centre = Eigen::Map<const VectorXd>(centre.data(), columns + wide);
  sums.sum = VectorXd::Zero(columns + wide);
  sums.squares = MatrixXd::Zero(columns, columns);
  sums.products = MatrixXd::Zero(columns, wide);
  sums.target_squares = VectorXd::Zero(wide);
  RowMajor block;
  for (std::size_t first = 0; first < rows.size(); first += kBlock) {
    const std::size_t count = std::min(kBlock, rows.size() - first);
    block.resize(static_cast<Index>(count), columns + wide);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = rows[first + i];
      const auto into = static_cast<Index>(i);
      block.row(into).head(columns) =
          Eigen::Map<const Eigen::RowVectorXf>(row(vectors, at).data(), columns).cast<double>();
      block.row(into).tail(wide) =
          Eigen::Map<const Eigen::RowVectorXd>(&targets.values[at * targets.columns], wide);
      block.row(into) -= sums.centre.transpose();
    }
    sums.sum += block.colwise().sum().transpose();
    sums.squares.selfadjointView<Eigen::Lower>().rankUpdate(block.leftCols(columns).transpose());
    sums.products.noalias() += block.leftCols(columns).transpose() * block.rightCols(wide);
    sums.target_squares += block.rightCols(wide).colwise().squaredNorm().transpose();
  }
}

Scatter without(const Scatter& whole, const Scatter& part) {
  auto sums = std::make_unique<Scatter::Sums>(*whole.sums_);
  sums->count -= part.sums_->count;
  sums->sum -= part.sums_->sum;
  sums->squares -= part.sums_->squares;
  sums->products -= part.sums_->products;
  sums->target_squares -= part.sums_->target_squares;
  return Scatter(std::move(sums));
}

Scatter together(const Scatter& one, const Scatter& other) {
  auto sums = std::make_unique<Scatter::Sums>(*one.sums_);
  sums->count += other.sums_->count;
  sums->sum += other.sums_->sum;
  sums->squares += other.sums_->squares;
  sums->products += other.sums_->products;
  sums->target_squares += other.sums_->target_squares;
  return Scatter(std::move(sums));
}

std::vector<RidgeFit> Scatter::fit(std::span<const double> penalties) const {
  const Sums& sums = *sums_;
  const double n = sums.count;
  const Index columns = sums.squares.rows();
  const Index targets = sums.products.cols();
  const VectorXd mean = sums.sum / n;
  MatrixXd scatter = sums.squares;
  scatter.selfadjointView<Eigen::Lower>().rankUpdate(sums.sum.head(columns), -1 / n);
  const MatrixXd products = sums.products - sums.sum.head(columns) * mean.tail(targets).transpose();

  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(scatter);
  if (solver.info() != Eigen::Success) throw std::invalid_argument("vectors of this scale");
  VectorXd eigenvalues = solver.eigenvalues();
  MatrixXd along = solver.eigenvectors().transpose() * products;
  // What rounding leaves of a direction in which the rows do not vary is taken for nothing.
  const double nothing = std::numeric_limits<double>::epsilon() *
                         std::max(n, static_cast<double>(columns)) *
                         std::max(eigenvalues.maxCoeff(), 0.0);
  double rank = 0;
  for (Index j = 0; j < columns; ++j) {
    if (eigenvalues[j] > nothing) {
      ++rank;
    } else {
      eigenvalues[j] = 0;
      along.row(j).setZero();
    }
  }
  const std::vector<double> grid =
      penalties.empty() ? default_penalties(scatter.trace() / static_cast<double>(columns))
                        : std::vector<double>(penalties.begin(), penalties.end());

  std::vector<RidgeFit> fits;
  for (Index target = 0; target < targets; ++target) {
    // The sum of squares that each direction explains without a penalty, and what none does.
    VectorXd explained = VectorXd::Zero(columns);
    for (Index j = 0; j < columns; ++j) {
      if (eigenvalues[j] > 0) explained[j] = along(j, target) * along(j, target) / eigenvalues[j];
    }
    const double total =
        sums.target_squares[target] - sums.sum[columns + target] * sums.sum[columns + target] / n;
    const double unexplained = rank >= n - 1 ? 0 : std::max(total - explained.sum(), 0.0);
    RidgeFit best;
    best.score = std::numeric_limits<double>::infinity();
    for (const double penalty : grid) {
      double residual = unexplained;
      double free = n - 1 - rank;
      for (Index j = 0; j < columns; ++j) {
        if (eigenvalues[j] <= 0) continue;
        const double shrunk = penalty / (eigenvalues[j] + penalty);
        residual += shrunk * shrunk * explained[j];
        free += shrunk;
      }
      const double score = n * residual / (free * free);
      if (score < best.score) {
        best.penalty = penalty;
        best.score = score;
      }
    }
    if (best.penalty == 0) best.penalty = grid.front();
    const VectorXd coefficients =
        solver.eigenvectors() *
        (along.col(target).array() / (eigenvalues.array() + best.penalty)).matrix();
    best.coefficients.assign(coefficients.begin(), coefficients.end());
    best.intercept = sums.centre[columns + target] + mean[columns + target] -
                     coefficients.dot(sums.centre.head(columns) + mean.head(columns));
    fits.push_back(std::move(best));
  }
  return fits;
}

std::vector<double> centre_of(const Vectors& vectors, const Targets& targets) {
  std::vector<double> centre(vectors.columns + targets.columns);
  const std::size_t rows = targets.columns == 0 ? 0 : targets.values.size() / targets.columns;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::span<const float> values = row(vectors, i);
    for (std::size_t j = 0; j < values.size(); ++j) centre[j] += static_cast<double>(values[j]);
    for (std::size_t j = 0; j < targets.columns; ++j) {
      centre[vectors.columns + j] += targets.values[i * targets.columns + j];
    }
  }
  for (double& value : centre) value /= static_cast<double>(std::max<std::size_t>(rows, 1));
  return centre;
}

double predict(const RidgeFit& fit, std::span<const float> row) {
  return std::transform_reduce(
      row.begin(), row.end(), fit.coefficients.begin(), fit.intercept, std::plus<>(),
      [](float value, double coefficient) { return static_cast<double>(value) * coefficient; });
}

void check_penalties(std::span<const double> penalties) {
  if (!std::ranges::all_of(penalties, [](double p) { return p > 0 && std::isfinite(p); })) {
    throw std::invalid_argument("penalties must be above 0");
  }
}

std::optional<RidgeFit> fit_ridge(const Vectors& vectors, std::span<const double> property,
                                  std::span<const double> penalties) {
  check_vectors(vectors, property);
  check_penalties(penalties);
  if (property.size() < 2 || vectors.columns == 0 || all_equal(property)) return std::nullopt;
  std::vector<std::size_t> rows(property.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Targets targets{.values = property, .columns = 1};
  return Scatter(vectors, targets, rows, centre_of(vectors, targets)).fit(penalties).front();
}

}  // namespace normscope

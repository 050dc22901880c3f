#include "analysis/ridge.h"

#include <Eigen/Eigenvalues>
#include <Eigen/Householder>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "analysis/moments.h"
#include "analysis/stopped.h"
#include "analysis/vectors.h"

namespace normscope {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows that are converted to double and multiplied at a time: enough for a fast product, few
/// enough for the cache.
constexpr std::size_t kBlock = 256;

std::vector<double> default_penalties(double mean_eigenvalue) {
  std::vector<double> penalties;
  const double unit = mean_eigenvalue > 0 ? mean_eigenvalue : 1;
  for (int exponent = -8; exponent <= 2; ++exponent) {
    penalties.push_back(unit * std::pow(10, exponent));
  }
  return penalties;
}

/// The fit of each target with one penalty: the coefficients in the basis of one of the forms
/// below, the residual sum of squares, and n minus the trace of the hat matrix.
struct Shrunk {
  RowMajor coefficients;
  VectorXd residuals;
  double free = 0;
};

/// The scatter matrix in the basis of its eigenvectors: exact even if rows do not outnumber
/// columns, so that residuals all but vanish.
class DiagonalForm {
 public:
  DiagonalForm(const MatrixXd& scatter, const MatrixXd& products, const VectorXd& totals, double n)
      : solver_(scatter),
        eigenvalues_(solver_.eigenvalues()),
        along_(solver_.eigenvectors().transpose() * products),
        explained_(RowMajor::Zero(products.rows(), products.cols())),
        free_(n - 1) {
    // A direction in which the rows vary by no more than rounding counts as one in which they do
    // not vary.
    const double nothing = std::numeric_limits<double>::epsilon() *
                           std::max(n, static_cast<double>(scatter.rows())) *
                           std::max(eigenvalues_.maxCoeff(), 0.0);
    for (Index j = 0; j < eigenvalues_.size(); ++j) {
      if (eigenvalues_[j] > nothing) {
        explained_.row(j) = along_.row(j).array().square() / eigenvalues_[j];
        --free_;
      } else {
        eigenvalues_[j] = 0;
        along_.row(j).setZero();
      }
    }
    const VectorXd sums = explained_.colwise().sum();
    unexplained_ = (totals - sums).cwiseMax(0);
    if (free_ < 1) unexplained_.setZero();
  }

  [[nodiscard]] Shrunk with(double penalty) const {
    const VectorXd kept = (eigenvalues_.array() + penalty).inverse();
    const VectorXd shrunk = (eigenvalues_.array() > 0)
                                .select(penalty * kept.array(), Eigen::ArrayXd::Zero(kept.size()));
    return {.coefficients = kept.asDiagonal() * along_,
            .residuals = unexplained_ + explained_.transpose() * shrunk.cwiseAbs2(),
            .free = free_ + shrunk.sum()};
  }

  [[nodiscard]] VectorXd back(const VectorXd& coefficients) const {
    return solver_.eigenvectors() * coefficients;
  }

 private:
  Eigen::SelfAdjointEigenSolver<MatrixXd> solver_;
  VectorXd eigenvalues_;
  RowMajor along_;
  /// By each direction without a penalty, of the sum of squares of each target.
  RowMajor explained_;
  VectorXd unexplained_;
  double free_;
};

/// In a basis that makes it tridiagonal: no eigenvectors are needed, which is several times faster.
class TridiagonalForm {
 public:
  TridiagonalForm(const MatrixXd& scatter, const MatrixXd& products, VectorXd totals, double n)
      : form_(scatter),
        diagonal_(form_.diagonal()),
        beside_(form_.subDiagonal()),
        along_(form_.matrixQ().adjoint() * products),
        totals_(std::move(totals)),
        n_(n) {
    Eigen::SelfAdjointEigenSolver<MatrixXd> solver;
    solver.computeFromTridiagonal(diagonal_, beside_, Eigen::EigenvaluesOnly);
    eigenvalues_ = solver.eigenvalues().cwiseMax(0);
  }

  [[nodiscard]] Shrunk with(double penalty) const {
    const Index last = diagonal_.size() - 1;
    Shrunk result{.coefficients = along_, .residuals = {}, .free = 0};
    RowMajor& w = result.coefficients;
    VectorXd pivots = diagonal_.array() + penalty;
    for (Index j = 1; j <= last; ++j) {
      const double factor = beside_[j - 1] / pivots[j - 1];
      pivots[j] -= factor * beside_[j - 1];
      w.row(j) -= factor * w.row(j - 1);
    }
    w.row(last) /= pivots[last];
    for (Index j = last; j-- > 0;) {
      w.row(j) = (w.row(j) - beside_[j] * w.row(j + 1)) / pivots[j];
    }
    const VectorXd explained = w.cwiseProduct(along_).colwise().sum();
    const VectorXd squares = w.colwise().squaredNorm();
    result.residuals = (totals_ - explained - penalty * squares).cwiseMax(0);
    result.free = n_ - 1 - (eigenvalues_.array() / (eigenvalues_.array() + penalty)).sum();
    return result;
  }

  [[nodiscard]] VectorXd back(const VectorXd& coefficients) const {
    return form_.matrixQ() * coefficients;
  }

 private:
  Eigen::Tridiagonalization<MatrixXd> form_;
  VectorXd diagonal_;
  VectorXd beside_;
  RowMajor along_;
  VectorXd totals_;
  VectorXd eigenvalues_;
  double n_;
};

/// For each target the penalty with the least score; the intercepts are left to the caller.
template <class Form>
std::vector<RidgeFit> choose(const Form& form, std::span<const double> penalties, double n,
                             const std::stop_token& stop) {
  std::vector<RidgeFit> fits;
  std::vector<VectorXd> best;
  for (const double penalty : penalties) {
    check_stop(stop);
    const Shrunk shrunk = form.with(penalty);
    const auto targets = static_cast<std::size_t>(shrunk.residuals.size());
    fits.resize(
        targets,
        {.penalty = penalty, .score = std::numeric_limits<double>::infinity(), .coefficients = {}});
    best.resize(targets, VectorXd::Zero(shrunk.coefficients.rows()));
    for (std::size_t target = 0; target < targets; ++target) {
      const auto column = static_cast<Index>(target);
      const double score = n * shrunk.residuals[column] / (shrunk.free * shrunk.free);
      if (score >= fits[target].score) continue;
      fits[target].penalty = penalty;
      fits[target].score = score;
      best[target] = shrunk.coefficients.col(column);
    }
  }
  for (std::size_t target = 0; target < fits.size(); ++target) {
    const VectorXd coefficients = form.back(best[target]);
    fits[target].coefficients.assign(coefficients.begin(), coefficients.end());
  }
  return fits;
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
                 std::span<const double> centre, const std::stop_token& stop)
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
    check_stop(stop);
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

std::vector<RidgeFit> Scatter::fit(std::span<const double> penalties,
                                   const std::stop_token& stop) const {
  check_stop(stop);
  const Sums& sums = *sums_;
  const double n = sums.count;
  const Index columns = sums.squares.rows();
  const Index targets = sums.products.cols();
  const VectorXd mean = sums.sum / n;
  MatrixXd scatter = sums.squares;
  scatter.selfadjointView<Eigen::Lower>().rankUpdate(sums.sum.head(columns), -1 / n);
  const MatrixXd products = sums.products - sums.sum.head(columns) * mean.tail(targets).transpose();

  const VectorXd target_sums = sums.sum.tail(targets);
  const VectorXd totals = sums.target_squares - (target_sums.array().square() / n).matrix();
  const std::vector<double> grid =
      penalties.empty() ? default_penalties(scatter.trace() / static_cast<double>(columns))
                        : std::vector<double>(penalties.begin(), penalties.end());
  std::vector<RidgeFit> fits =
      n > 2 * static_cast<double>(columns)
          ? choose(TridiagonalForm(scatter, products, totals, n), grid, n, stop)
          : choose(DiagonalForm(scatter, products, totals, n), grid, n, stop);
  for (Index target = 0; target < targets; ++target) {
    RidgeFit& fit = fits[static_cast<std::size_t>(target)];
    const Eigen::Map<const VectorXd> coefficients(fit.coefficients.data(), columns);
    fit.intercept = sums.centre[columns + target] + mean[columns + target] -
                    coefficients.dot(sums.centre.head(columns) + mean.head(columns));
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

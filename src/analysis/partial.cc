#include <Eigen/QR>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "analysis/correlation_interval.h"
#include "analysis/finite.h"
#include "analysis/moments.h"
#include "analysis/stopped.h"
#include "normscope/relation.h"

namespace normscope {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// What remains of a vector or a column is a 0 with rounding errors if it is less than this.
constexpr double kNothing = 1e-10;

VectorXd centred(const VectorXd& values) { return values.array() - values.mean(); }

/// Scales the values to a largest magnitude of 1, so that no square overflows.
VectorXd scaled(const VectorXd& values) {
  const double largest = values.cwiseAbs().maxCoeff();
  return largest > 0 ? VectorXd(values / largest) : values;
}

VectorXd column_of(std::span<const double> values, std::size_t columns, std::size_t column) {
  return Eigen::Map<const VectorXd, 0, Eigen::InnerStride<>>(
      values.data() + column, static_cast<Index>(values.size() / columns),
      Eigen::InnerStride<>(static_cast<Index>(columns)));
}

VectorXd prepared(const VectorXd& values) { return centred(scaled(centred(scaled(values)))); }

/// Covariates of mean 0 and norm 1; a column that does not vary becomes 0.
MatrixXd prepared(std::span<const double> covariates, std::size_t columns, std::size_t rows) {
  MatrixXd matrix(rows, columns);
  for (std::size_t j = 0; j < columns; ++j) {
    const VectorXd raw = scaled(column_of(covariates, columns, j));
    const VectorXd column = centred(raw);
    const bool varies = column.norm() > kNothing * raw.norm();
    matrix.col(static_cast<Index>(j)) =
        varies ? VectorXd(column / column.norm()) : VectorXd::Zero(column.size());
  }
  return matrix;
}

/// An orthonormal basis of what the columns span.
MatrixXd basis_of(const MatrixXd& matrix) {
  if (matrix.cols() == 0) return matrix;
  Eigen::ColPivHouseholderQR<MatrixXd> qr(matrix);
  qr.setThreshold(kNothing);
  MatrixXd basis = MatrixXd::Identity(matrix.rows(), qr.rank());
  basis.applyOnTheLeft(qr.householderQ());
  return basis;
}

VectorXd residuals(const MatrixXd& basis, const VectorXd& values) {
  const VectorXd once = values - basis * (basis.transpose() * values);
  return once - basis * (basis.transpose() * once);
}

}  // namespace

std::optional<PartialRelation> relate_given(std::span<const double> property,
                                            std::span<const double> statistic,
                                            std::span<const double> covariates, std::size_t columns,
                                            const std::stop_token& stop) {
  const std::size_t n = property.size();
  if (statistic.size() != n) throw std::invalid_argument("as many properties as statistics");
  if (columns > std::numeric_limits<std::size_t>::max() / (n + 1) ||
      covariates.size() != n * columns) {
    throw std::invalid_argument("a row of covariates for each sentence");
  }
  check_finite(property, "properties");
  check_finite(statistic, "statistics");
  check_finite(covariates, "covariates");
  if (n < 3 || all_equal(property) || all_equal(statistic)) return std::nullopt;

  const MatrixXd basis = basis_of(prepared(covariates, columns, n));
  check_stop(stop);
  const auto free = static_cast<Index>(n) - basis.cols() - 2;
  if (free < 1) return std::nullopt;
  const VectorXd x = prepared(column_of(property, 1, 0));
  const VectorXd y = prepared(column_of(statistic, 1, 0));
  const VectorXd x_rest = residuals(basis, x);
  const VectorXd y_rest = residuals(basis, y);
  if (x_rest.norm() <= kNothing * x.norm() || y_rest.norm() <= kNothing * y.norm()) {
    return std::nullopt;
  }
  Real xx = 0;
  Real xy = 0;
  Real yy = 0;
  for (Index i = 0; i < x.size(); ++i) {
    xx += Real(x_rest[i]) * x_rest[i];
    xy += Real(x_rest[i]) * y_rest[i];
    yy += Real(y_rest[i]) * y_rest[i];
  }
  const Real r = std::clamp(xy / std::sqrt(xx) / std::sqrt(yy), Real(-1), Real(1));

  check_stop(stop);
  // Leaving sentence i out of a regression takes e²/(1 - leverage) from its sum of squares
  // (Belsley, Kuh and Welsch 1980), and alike from a product of two; a sentence of leverage 1 takes
  // nothing.
  std::vector<Real> without;
  without.reserve(n);
  for (Index i = 0; i < x.size(); ++i) {
    const Real rest = 1 - 1 / static_cast<Real>(n) - Real(basis.row(i).squaredNorm());
    const Real factor = rest > kNothing ? 1 / rest : 0;
    const Real xx_left = xx - factor * x_rest[i] * x_rest[i];
    const Real xy_left = xy - factor * x_rest[i] * y_rest[i];
    const Real yy_left = yy - factor * y_rest[i] * y_rest[i];
    const bool varies = xx_left > kRounding * xx && yy_left > kRounding * yy;
    without.push_back(varies ? xy_left / std::sqrt(xx_left) / std::sqrt(yy_left)
                             : std::numeric_limits<Real>::quiet_NaN());
  }
  check_stop(stop);
  PartialRelation relation{.correlation = correlation_estimate(r, without, static_cast<Real>(free)),
                           .r_squared = {},
                           .p_value = 0,
                           .covariates = static_cast<std::uint64_t>(basis.cols())};
  relation.r_squared = squared(relation.correlation);
  if (1 - std::abs(r) >= kRounding) {
    const boost::math::students_t_distribution<double> t(static_cast<double>(free));
    const Real statistic_t = std::abs(r) * std::sqrt(static_cast<Real>(free) / (1 - r * r));
    relation.p_value =
        2 * boost::math::cdf(boost::math::complement(t, static_cast<double>(statistic_t)));
  }
  return relation;
}

}  // namespace normscope

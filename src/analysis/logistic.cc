#include "analysis/logistic.h"

#include <Eigen/Core>
#include <algorithm>

#include "analysis/lbfgs.h"
#include "analysis/stopped.h"

namespace normscope {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowMajorFloat = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::uint32_t kMostIterations = 5000;
constexpr Index kBlock = 256;

struct Parameters {
  Eigen::Map<const RowMajor> coefficients;
  Eigen::Map<const Eigen::RowVectorXd> intercepts;

  Parameters(std::span<const double> all, Index classes, Index columns)
      : coefficients(all.data(), classes, columns),
        intercepts(all.data() + classes * columns, classes) {}
};

/// Calls use(first row, the rows as double) block by block.
template <class Use>
void in_blocks(std::span<const float> rows, std::size_t columns, Use use) {
  const auto wide = static_cast<Index>(columns);
  const auto count = static_cast<Index>(rows.size() / columns);
  for (Index first = 0; first < count; first += kBlock) {
    const Index size = std::min(kBlock, count - first);
    const RowMajor block =
        Eigen::Map<const RowMajorFloat>(rows.data() + first * wide, size, wide).cast<double>();
    use(first, block);
  }
}

}  // namespace

Logistic fit_logistic(const Labelled& train, std::uint32_t classes, double penalty,
                      double tolerance, std::span<const double> start,
                      const std::stop_token& stop) {
  const auto columns = static_cast<Index>(train.columns);
  const auto n = static_cast<double>(train.labels.size());
  const Objective objective = [&](std::span<const double> point, std::span<double> gradient) {
    const Parameters parameters(point, classes, columns);
    Eigen::Map<RowMajor> slope(gradient.data(), classes, columns);
    Eigen::Map<Eigen::RowVectorXd> intercept_slope(gradient.data() + classes * columns, classes);
    slope.setZero();
    intercept_slope.setZero();
    double loss = 0;
    in_blocks(train.rows, train.columns, [&](Index first, const RowMajor& block) {
      check_stop(stop);
      RowMajor scores = block * parameters.coefficients.transpose();
      scores.rowwise() += parameters.intercepts;
      for (Index i = 0; i < scores.rows(); ++i) {
        const auto label = static_cast<Index>(train.labels[static_cast<std::size_t>(first + i)]);
        const double most = scores.row(i).maxCoeff();
        const double truth = scores(i, label);
        scores.row(i) = (scores.row(i).array() - most).exp();
        const double sum = scores.row(i).sum();
        loss += std::log(sum) + most - truth;
        scores.row(i) /= sum;
        scores(i, label) -= 1;
      }
      slope.noalias() += scores.transpose() * block;
      intercept_slope += scores.colwise().sum();
    });
    slope = slope / n + penalty * parameters.coefficients;
    intercept_slope /= n;
    return loss / n + penalty / 2 * parameters.coefficients.squaredNorm();
  };
  std::vector<double> from(start.begin(), start.end());
  from.resize(classes * (train.columns + 1));
  Minimum minimum = minimise(objective, std::move(from), tolerance, kMostIterations);
  return {.columns = train.columns,
          .parameters = std::move(minimum.point),
          .converged = minimum.converged};
}

std::vector<std::uint32_t> classify(const Logistic& model, std::span<const float> rows) {
  const auto columns = static_cast<Index>(model.columns);
  const Parameters parameters(model.parameters,
                              static_cast<Index>(model.parameters.size()) / (columns + 1), columns);
  std::vector<std::uint32_t> classes;
  in_blocks(rows, model.columns, [&](Index, const RowMajor& block) {
    RowMajor scores = block * parameters.coefficients.transpose();
    scores.rowwise() += parameters.intercepts;
    for (Index i = 0; i < scores.rows(); ++i) {
      Index best = 0;
      scores.row(i).maxCoeff(&best);
      classes.push_back(static_cast<std::uint32_t>(best));
    }
  });
  return classes;
}

}  // namespace normscope

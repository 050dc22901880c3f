#include "analysis/mlp.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "analysis/accuracy.h"
#include "analysis/stopped.h"

namespace normscope {
namespace {

using Eigen::Index;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::RowVectorXf;

constexpr std::size_t kBatch = 64;
constexpr std::size_t kBlock = 1024;

/// The four parts of a network's parameters, or of their gradient.
template <class Float>
struct Parts {
  using M = std::conditional_t<std::is_const_v<Float>, const Matrix, Matrix>;
  using R = std::conditional_t<std::is_const_v<Float>, const Row, Row>;
  Eigen::Map<M> in_weights;
  Eigen::Map<R> in_biases;
  Eigen::Map<M> out_weights;
  Eigen::Map<R> out_biases;

  Parts(Float* all, Index inputs, Index hidden, Index classes)
      : in_weights(all, hidden, inputs),
        in_biases(all + hidden * inputs, hidden),
        out_weights(all + hidden * (inputs + 1), classes, hidden),
        out_biases(all + hidden * (inputs + 1) + classes * hidden, classes) {}
};

template <class Float>
Parts<Float> parts_of(const Network& network, Float* all) {
  return {all, static_cast<Index>(network.inputs), static_cast<Index>(network.hidden),
          static_cast<Index>(network.classes)};
}

Eigen::Map<const Matrix> matrix(std::span<const float> rows, std::size_t columns) {
  return {rows.data(), static_cast<Index>(rows.size() / columns), static_cast<Index>(columns)};
}

void sigmoid(Matrix& values) { values = (1 + (-values.array()).exp()).inverse().matrix(); }

Labelled rows_of(const Labelled& all, std::span<const std::size_t> order, std::vector<float>& rows,
                 std::vector<std::uint32_t>& labels) {
  rows.clear();
  labels.clear();
  for (const std::size_t i : order) {
    const std::span<const float> values = all.rows.subspan(i * all.columns, all.columns);
    rows.insert(rows.end(), values.begin(), values.end());
    labels.push_back(all.labels[i]);
  }
  return {.rows = rows, .columns = all.columns, .labels = labels};
}

}  // namespace

Network initial_network(std::size_t inputs, std::size_t hidden, std::size_t classes,
                        Random& random) {
  Network network{.inputs = inputs, .hidden = hidden, .classes = classes, .parameters = {}};
  const auto draw = [&](std::size_t count, std::size_t fan_in) {
    const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
    for (std::size_t i = 0; i < count; ++i) {
      network.parameters.push_back(static_cast<float>(bound * (2 * random.uniform() - 1)));
    }
  };
  draw(hidden * (inputs + 1), inputs);
  draw(classes * (hidden + 1), hidden);
  return network;
}

double loss_gradient(const Network& network, const Labelled& batch, std::span<const float> mask,
                     std::span<float> gradient) {
  const Parts<const float> weights = parts_of(network, network.parameters.data());
  const Parts<float> slope = parts_of(network, gradient.data());
  const auto x = matrix(batch.rows, batch.columns);
  Matrix hidden = x * weights.in_weights.transpose();
  hidden.rowwise() += weights.in_biases;
  if (!mask.empty()) hidden.array() *= matrix(mask, network.hidden).array();
  sigmoid(hidden);
  Matrix scores = hidden * weights.out_weights.transpose();
  scores.rowwise() += weights.out_biases;
  double loss = 0;
  for (Index i = 0; i < scores.rows(); ++i) {
    const auto label = static_cast<Index>(batch.labels[static_cast<std::size_t>(i)]);
    const float most = scores.row(i).maxCoeff();
    const float truth = scores(i, label);
    scores.row(i) = (scores.row(i).array() - most).exp();
    const float sum = scores.row(i).sum();
    loss += static_cast<double>(std::log(sum) + most - truth);
    scores.row(i) /= sum;
    scores(i, label) -= 1;
  }
  scores /= static_cast<float>(scores.rows());
  Matrix back = scores * weights.out_weights;
  back.array() *= hidden.array() * (1 - hidden.array());
  if (!mask.empty()) back.array() *= matrix(mask, network.hidden).array();
  // A copy of a map refers to the same numbers.
  auto in_weights = slope.in_weights;
  auto in_biases = slope.in_biases;
  auto out_weights = slope.out_weights;
  auto out_biases = slope.out_biases;
  out_weights.noalias() = scores.transpose() * hidden;
  out_biases = scores.colwise().sum();
  in_weights.noalias() = back.transpose() * x;
  in_biases = back.colwise().sum();
  return loss / static_cast<double>(batch.labels.size());
}

void Adam::step(std::span<const float> gradient, std::span<float> parameters) {
  constexpr float kMeanDecay = 0.9F;
  constexpr float kSquareDecay = 0.999F;
  mean_decay_ *= 0.9;
  square_decay_ *= 0.999;
  const auto rate = static_cast<float>(1e-3 * std::sqrt(1 - square_decay_) / (1 - mean_decay_));
  const auto epsilon = static_cast<float>(1e-8 * std::sqrt(1 - square_decay_));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    mean_[i] = kMeanDecay * mean_[i] + (1 - kMeanDecay) * gradient[i];
    square_[i] = kSquareDecay * square_[i] + (1 - kSquareDecay) * gradient[i] * gradient[i];
    parameters[i] -= rate * mean_[i] / (std::sqrt(square_[i]) + epsilon);
  }
}

Network train_network(const Labelled& train, const Labelled& validation, std::uint32_t classes,
                      const TrainingOptions& options, const std::stop_token& stop) {
  Random random(options.seed);
  Network network = initial_network(train.columns, options.hidden, classes, random);
  Network best = network;
  double best_accuracy = -1;
  Adam adam(network.parameters.size());
  std::vector<float> gradient(network.parameters.size());
  std::vector<float> rows;
  std::vector<std::uint32_t> labels;
  std::vector<float> mask;
  const auto survivor = static_cast<float>(1 / (1 - options.dropout));
  std::uint32_t idle = 0;
  for (std::uint32_t epoch = 0; epoch < options.epochs && idle < options.patience; ++epoch) {
    const std::vector<std::size_t> order = permutation(train.labels.size(), random);
    for (std::size_t first = 0; first < order.size(); first += kBatch) {
      check_stop(stop);
      const std::size_t count = std::min(kBatch, order.size() - first);
      const Labelled batch = rows_of(train, std::span(order).subspan(first, count), rows, labels);
      if (options.dropout > 0) {
        mask.resize(count * network.hidden);
        for (float& value : mask) value = random.uniform() < options.dropout ? 0 : survivor;
      }
      loss_gradient(network, batch, mask, gradient);
      adam.step(gradient, network.parameters);
    }
    const double accuracy = share_right(classify(network, validation.rows), validation.labels);
    ++idle;
    if (accuracy > best_accuracy) {
      best_accuracy = accuracy;
      best = network;
      idle = 0;
    }
  }
  return best;
}

std::vector<std::uint32_t> classify(const Network& network, std::span<const float> rows) {
  const Parts<const float> weights = parts_of(network, network.parameters.data());
  std::vector<std::uint32_t> classes;
  const std::size_t block = kBlock * network.inputs;
  for (std::size_t first = 0; first < rows.size(); first += block) {
    const auto x =
        matrix(rows.subspan(first, std::min(block, rows.size() - first)), network.inputs);
    Matrix hidden = x * weights.in_weights.transpose();
    hidden.rowwise() += weights.in_biases;
    sigmoid(hidden);
    Matrix scores = hidden * weights.out_weights.transpose();
    scores.rowwise() += weights.out_biases;
    for (Index i = 0; i < scores.rows(); ++i) {
      Index highest = 0;
      scores.row(i).maxCoeff(&highest);
      classes.push_back(static_cast<std::uint32_t>(highest));
    }
  }
  return classes;
}

}  // namespace normscope

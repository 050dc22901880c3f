#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "analysis/labelled.h"
#include "base/random.h"

namespace normscope {

/// One hidden layer of sigmoid units and a softmax over the classes.
struct Network {
  std::size_t inputs = 0;
  std::size_t hidden = 0;
  std::size_t classes = 0;
  /// Weights [hidden, inputs], biases [hidden], weights [classes, hidden], biases [classes], one
  /// after the other.
  std::vector<float> parameters;
};

/// Uniform within ±1/√inputs of each layer, as PyTorch's Linear.
Network initial_network(std::size_t inputs, std::size_t hidden, std::size_t classes,
                        Random& random);

/// Fills `gradient` with the mean log loss's; the hidden units' input is multiplied by `mask`
/// [rows, hidden] (dropout) unless that is empty. Returns the loss.
double loss_gradient(const Network& network, const Labelled& batch, std::span<const float> mask,
                     std::span<float> gradient);

/// Adam (Kingma and Ba 2015) with rate 0.001, decays 0.9 and 0.999, ε = 1e-8.
class Adam {
 public:
  explicit Adam(std::size_t size) : mean_(size), square_(size) {}
  void step(std::span<const float> gradient, std::span<float> parameters);

 private:
  std::vector<float> mean_;
  std::vector<float> square_;
  double mean_decay_ = 1;
  double square_decay_ = 1;
};

struct TrainingOptions {
  std::uint64_t seed = 0;
  std::uint32_t hidden = 50;
  double dropout = 0;
  std::uint32_t epochs = 100;
  std::uint32_t patience = 5;
};

/// Trains on minibatches of 64 in random order until `patience` passes in a row bring no better
/// accuracy on the validation rows; returns the network of the best pass.
Network train_network(const Labelled& train, const Labelled& validation, std::uint32_t classes,
                      const TrainingOptions& options, const std::stop_token& stop = {});

std::vector<std::uint32_t> classify(const Network& network, std::span<const float> rows);

}  // namespace normscope

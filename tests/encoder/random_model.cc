#include "encoder/random_model.h"

#include <cmath>
#include <deque>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace normscope {
namespace {

class RandomTensors {
 public:
  explicit RandomTensors(std::uint32_t seed) : generator_(seed) {}

  TensorView tensor(std::vector<std::size_t> shape, float mean, float deviation) {
    std::size_t size = 1;
    for (const std::size_t extent : shape) size *= extent;
    std::normal_distribution<float> normal(mean, deviation);
    std::vector<float>& values = storage_.emplace_back(size);
    for (float& value : values) value = normal(generator_);
    return {.type = DataType::f32,
            .shape = std::move(shape),
            .data = reinterpret_cast<const std::byte*>(values.data())};
  }
  LinearWeights linear(std::size_t out, std::size_t in) {
    return {.weight = tensor({out, in}, 0, 1.5F / std::sqrt(static_cast<float>(in))),
            .bias = tensor({out}, 0, 0.3F)};
  }
  LayerNormWeights norm(std::size_t size) {
    return {.weight = tensor({size}, 1, 0.3F), .bias = tensor({size}, 0, 0.3F)};
  }

 private:
  std::mt19937 generator_;
  std::deque<std::vector<float>> storage_;
};

}  // namespace

Model random_model(const ModelConfig& config, std::uint32_t seed) {
  const auto tensors = std::make_shared<RandomTensors>(seed);
  const std::size_t hidden = config.hidden_size;
  Model model;
  model.config = config;
  model.weights.word_embeddings = tensors->tensor({config.vocabulary_size, hidden}, 0, 1);
  model.weights.position_embeddings = tensors->tensor({config.max_positions, hidden}, 0, 1);
  model.weights.token_type_embeddings = tensors->tensor({config.token_types, hidden}, 0, 1);
  model.weights.embedding_norm = tensors->norm(hidden);
  for (std::size_t layer = 0; layer < config.layers; ++layer) {
    model.weights.layers.push_back({
        .query = tensors->linear(hidden, hidden),
        .key = tensors->linear(hidden, hidden),
        .value = tensors->linear(hidden, hidden),
        .attention_output = tensors->linear(hidden, hidden),
        .intermediate = tensors->linear(config.intermediate_size, hidden),
        .output = tensors->linear(hidden, config.intermediate_size),
        .attention_norm = tensors->norm(hidden),
        .output_norm = tensors->norm(hidden),
    });
  }
  model.weights.pooler = tensors->linear(hidden, hidden);
  model.mappings = tensors;
  return model;
}

}  // namespace normscope

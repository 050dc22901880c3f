#include "normscope/controls.h"

#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/random.h"
#include "model/roles.h"
#include "text/words.h"

namespace normscope {
namespace {

constexpr double kInitializerRange = 0.02;

/// Owns the numbers of the tensors that it makes.
class RandomTensors {
 public:
  explicit RandomTensors(std::uint64_t seed) : seed_(seed) {}

  TensorView like(const TensorView& tensor) {
    std::vector<float>& values = memory_->emplace_back(tensor.size());
    fill(values);
    return {.type = DataType::f32,
            .shape = tensor.shape,
            .data = reinterpret_cast<const std::byte*>(values.data()),
            .mapped = false};
  }

  void fill(std::span<float> values) {
    Random random(seed_, stream_++);
    for (float& value : values) value = static_cast<float>(kInitializerRange * random.normal());
  }

  [[nodiscard]] std::shared_ptr<const void> memory() const { return memory_; }

 private:
  std::uint64_t seed_;
  std::uint64_t stream_ = 0;
  std::shared_ptr<std::vector<std::vector<float>>> memory_ =
      std::make_shared<std::vector<std::vector<float>>>();
};

}  // namespace

std::string shuffle_words(std::string_view text, std::uint64_t seed, std::uint64_t index) {
  std::vector<std::string_view> words = words_of(text);
  Random random(seed, index);
  std::string shuffled;
  shuffled.reserve(text.size());
  for (const std::size_t word : permutation(words.size(), random)) {
    if (!shuffled.empty()) shuffled += ' ';
    shuffled += words[word];
  }
  return shuffled;
}

Model randomize_weights(const Model& model, std::uint64_t seed) {
  RandomTensors tensors(seed);
  Model random = model;
  for (Weight& weight : random.weights.all()) {
    if (kind_of(weight.role) != RoleKind::layer_norm) weight.weight = tensors.like(weight.weight);
  }
  if (random.own_readout) {
    for (ReadoutLayer& layer : random.own_readout->layers) {
      if (auto* const dense = std::get_if<DenseLayer>(&layer)) tensors.fill(dense->weight);
    }
  }
  // The LayerNorms and the biases are still the model's own.
  random.mappings =
      std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(
          model.mappings, tensors.memory());
  return random;
}

}  // namespace normscope

#include "encoder/random_model.h"

#include <cmath>
#include <deque>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "model/roles.h"

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

 private:
  std::mt19937 generator_;
  std::deque<std::vector<float>> storage_;
};

}  // namespace

Model random_model(const EncoderSpec& spec, std::uint32_t seed) {
  const auto tensors = std::make_shared<RandomTensors>(seed);
  Model model;
  model.spec = spec;
  for (const Slot& slot : slots_of(spec)) {
    const std::vector<std::size_t> shape = shape_of(slot.role, spec);
    Weight weight{.role = slot.role, .layer = slot.layer, .weight = {}, .bias = {}};
    switch (kind_of(slot.role)) {
      case RoleKind::table:
        weight.weight = tensors->tensor(shape, 0, 1);
        break;
      case RoleKind::linear:
        weight.weight = tensors->tensor(shape, 0, 1.5F / std::sqrt(static_cast<float>(shape[1])));
        break;
      case RoleKind::layer_norm:
        weight.weight = tensors->tensor(shape, 1, 0.3F);
        break;
    }
    if (has_bias(slot.role, spec)) weight.bias = tensors->tensor({shape[0]}, 0, 0.3F);
    model.weights.add(std::move(weight));
  }
  model.mappings = tensors;
  return model;
}

}  // namespace normscope

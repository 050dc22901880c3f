#include "encoder/cpu/relative_bias.h"

#include <algorithm>
#include <array>

namespace normscope {
namespace {

// MPNetEncoder.relative_position_bucket with its 32 buckets: half of them for keys after the query,
// in each half one for each distance up to 7 and then one for each of these ranges' beginnings.
constexpr std::size_t kAfter = 16;
constexpr std::size_t kExact = 8;
constexpr std::array<std::size_t, 8> kRanges{8, 12, 16, 23, 32, 46, 64, 91};

std::size_t bucket(std::size_t distance) {
  if (distance < kExact) return distance;
  return kExact - 1 +
         static_cast<std::size_t>(std::ranges::upper_bound(kRanges, distance) - kRanges.begin());
}

}  // namespace

RelativeBias::RelativeBias(const Model& model)
    : reach_(model.spec.max_positions - 1), values_(model.spec.heads * (2 * reach_ + 1)) {
  const TensorView& table = model.weights.at(Role::relative_bias).weight;
  const std::size_t heads = model.spec.heads;
  std::vector<float> biases(table.size());
  table.read(0, biases);
  for (std::size_t head = 0; head < heads; ++head) {
    float* const zero = values_.data() + head * (2 * reach_ + 1) + reach_;
    for (std::size_t distance = 0; distance <= reach_; ++distance) {
      const std::size_t row = bucket(distance);
      *(zero - distance) = biases[row * heads + head];
      if (distance > 0) zero[distance] = biases[(kAfter + row) * heads + head];
    }
  }
}

}  // namespace normscope

#pragma once

#include <cstddef>
#include <vector>

#include "encoder/cpu/kernels.h"
#include "normscope/model.h"

namespace normscope {

/// MPNet's biases of attention by relative position, laid out by distance.
class RelativeBias {
 public:
  explicit RelativeBias(const Model& model);

  [[nodiscard]] DistanceBias view() const {
    return {.zero = values_.data() + reach_, .stride = 2 * reach_ + 1};
  }

 private:
  std::size_t reach_;  // the largest distance between two tokens
  std::vector<float> values_;
};

}  // namespace normscope

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "encoder/cpu/kernels.h"

namespace normscope {

/// What a position is multiplied with to give the angles of a head's size/2 pairs of numbers: the
/// inverse of base^(2i/size) · divisor, with the roundings of transformers. One rounding more or
/// less would turn the last of 8,192 tokens by 5e-4.
std::vector<float> rotary_frequencies(double base, double divisor, std::size_t head_size);

/// The cosines and sines of all positions, as Kernels::rotate() takes them.
class RotaryTable {
 public:
  RotaryTable(std::span<const float> frequencies, std::size_t positions);

  [[nodiscard]] ConstRows view() const { return {values_.data(), stride_}; }

 private:
  std::size_t stride_;
  std::vector<float> values_;
};

}  // namespace normscope

#include "encoder/cpu/rotary.h"

#include <cmath>

namespace normscope {

std::vector<float> rotary_frequencies(double base, double divisor, std::size_t head_size) {
  std::vector<float> frequencies;
  for (std::size_t i = 0; i < head_size; i += 2) {
    const float exponent = static_cast<float>(i) / static_cast<float>(head_size);
    // In double, so that the power is rounded only once, whatever the C library.
    const auto power = static_cast<float>(std::pow(double{static_cast<float>(base)}, exponent));
    frequencies.push_back(1.0F / power / static_cast<float>(divisor));
  }
  return frequencies;
}

RotaryTable::RotaryTable(std::span<const float> frequencies, std::size_t positions)
    : stride_(2 * frequencies.size()), values_(positions * stride_) {
  float* row = values_.data();
  for (std::size_t position = 0; position < positions; ++position, row += stride_) {
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
      const float angle = static_cast<float>(position) * frequencies[i];
      row[i] = static_cast<float>(std::cos(double{angle}));
      row[frequencies.size() + i] = static_cast<float>(std::sin(double{angle}));
    }
  }
}

}  // namespace normscope

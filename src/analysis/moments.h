#pragma once

#include <algorithm>
#include <functional>
#include <span>

namespace normscope {

/// Sums are in long double: 64 bits of mantissa, and no overflow in the square of any double.
using Real = long double;

inline Real mean_of(std::span<const double> values) {
  Real sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<Real>(values.size());
}

inline bool all_equal(std::span<const double> values) {
  return std::ranges::adjacent_find(values, std::ranges::not_equal_to()) == values.end();
}

}  // namespace normscope

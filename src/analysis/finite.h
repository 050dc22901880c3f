#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>

namespace normscope {

/// Throws std::invalid_argument if a number is infinite or NaN.
template <class Number>
void check_finite(std::span<const Number> values, const char* what) {
  if (!std::ranges::all_of(values, [](Number value) { return std::isfinite(value); })) {
    throw std::invalid_argument(std::string(what) + " must be finite");
  }
}

}  // namespace normscope

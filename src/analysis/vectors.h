#pragma once

#include <cstddef>
#include <span>

#include "normscope/probes.h"

namespace normscope {

/// Throws std::invalid_argument if the vectors and `rows` properties do not fit together or a
/// number is not finite.
void check_vectors(const Vectors& vectors, std::span<const double> property);

inline std::span<const float> row(const Vectors& vectors, std::size_t i) {
  return vectors.values.subspan(i * vectors.columns, vectors.columns);
}

}  // namespace normscope

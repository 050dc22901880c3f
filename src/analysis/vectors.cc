#include "analysis/vectors.h"

#include <stdexcept>

#include "analysis/finite.h"

namespace normscope {

void check_vectors(const Vectors& vectors, std::span<const double> property) {
  const std::size_t rows = property.size();
  const bool fits = vectors.columns == 0 ? vectors.values.empty()
                                         : vectors.values.size() % vectors.columns == 0 &&
                                               vectors.values.size() / vectors.columns == rows;
  if (!fits) throw std::invalid_argument("a vector for each sentence");
  check_finite(vectors.values, "vectors");
  check_finite(property, "properties");
}

}  // namespace normscope

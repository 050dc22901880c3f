#include "analysis/vectors.h"

#include <stdexcept>

#include "analysis/finite.h"

namespace normscope {
namespace {

template <class Number>
void check_within(std::span<const Number> values, Number limit, const char* what) {
  check_finite(values, what);
  if (!std::ranges::all_of(values, [&](Number value) { return std::abs(value) <= limit; })) {
    throw std::invalid_argument(std::string(what) + " too large");
  }
}

}  // namespace

void check_vectors(const Vectors& vectors, std::span<const double> property) {
  const std::size_t rows = property.size();
  const bool fits = vectors.columns == 0 ? vectors.values.empty()
                                         : vectors.values.size() % vectors.columns == 0 &&
                                               vectors.values.size() / vectors.columns == rows;
  if (!fits) throw std::invalid_argument("a vector for each sentence");
  check_within(vectors.values, 1e18F, "vectors");
  check_within(property, 1e150, "properties");
}

}  // namespace normscope

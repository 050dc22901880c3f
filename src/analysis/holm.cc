#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "normscope/relation.h"

namespace normscope {

std::vector<double> holm(std::span<const double> p_values) {
  if (!std::ranges::all_of(p_values, [](double p) { return p >= 0 && p <= 1; })) {
    throw std::invalid_argument("p-values must lie in [0, 1]");
  }
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<double> adjusted(p_values.size());
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto left = static_cast<double>(order.size() - rank);
    least = std::max(least, std::min(left * p_values[order[rank]], 1.0));
    adjusted[order[rank]] = least;
  }
  return adjusted;
}

}  // namespace normscope

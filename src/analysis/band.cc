#include "analysis/band.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace normscope {

Band shortest_band(std::span<const double> sorted, double share) {
  const auto n = static_cast<double>(sorted.size());
  // 0.9 * 10 may come out a hair above 9, which must not ask for a tenth value.
  const double wanted = std::ceil(share * n * (1 - 1e-12));
  const std::size_t held =
      std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, sorted.size());
  std::size_t best = 0;
  for (std::size_t first = 1; first + held <= sorted.size(); ++first) {
    if (sorted[first + held - 1] - sorted[first] < sorted[best + held - 1] - sorted[best])
      best = first;
  }
  const double low = sorted[best];
  const double high = sorted[best + held - 1];
  const auto inside =
      std::ranges::upper_bound(sorted, high) - std::ranges::lower_bound(sorted, low);
  return {.share = static_cast<double>(inside) / n, .low = low, .high = high};
}

}  // namespace normscope

#include "analysis/proportion.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace normscope {

Proportion proportion(std::uint64_t hits, std::uint64_t count) {
  const double z = boost::math::quantile(boost::math::normal_distribution<double>(), 0.975);
  const auto n = static_cast<double>(count);
  const double share = static_cast<double>(hits) / n;
  const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double reach =
      z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  // At the ends the interval reaches 0 or 1 exactly, which rounding would miss.
  return {.count = count,
          .hits = hits,
          .share = share,
          .interval = {.low = hits == 0 ? 0 : std::max(centre - reach, 0.0),
                       .high = hits == count ? 1 : std::min(centre + reach, 1.0)}};
}

}  // namespace normscope

#include "analysis/share.h"

#include <algorithm>

namespace normscope {

std::optional<ExplainedShare> adjusted_r_squared(const Estimate& r_squared,
                                                 std::uint64_t sentences) {
  if (sentences < 3) return std::nullopt;
  const auto n = static_cast<double>(sentences);
  const auto adjusted = [n](double share) {
    return std::clamp(1 - (1 - share) * (n - 1) / (n - 2), 0.0, 1.0);
  };
  ExplainedShare result{.value = adjusted(r_squared.value), .interval = {}};
  if (r_squared.interval) {
    // Rounding may leave an end on the wrong side of the value.
    result.interval =
        Interval{.low = adjusted(std::min(r_squared.interval->low, r_squared.value)),
                 .high = adjusted(std::max(r_squared.interval->high, r_squared.value))};
  }
  return result;
}

std::optional<ExplainedShare> any_function(const ExplainedShare& line,
                                           const std::optional<CorrelationRatio>& groups) {
  if (!groups || !groups->epsilon_squared) return std::nullopt;
  const Estimate& other = *groups->epsilon_squared;
  ExplainedShare best{.value = std::max(line.value, other.value), .interval = {}};
  if (line.interval && other.interval) {
    best.interval = Interval{.low = std::max(line.interval->low, other.interval->low),
                             .high = std::max(line.interval->high, other.interval->high)};
  }
  return best;
}

}  // namespace normscope

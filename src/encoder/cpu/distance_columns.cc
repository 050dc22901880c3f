#include "encoder/cpu/distance_columns.h"

#include <algorithm>
#include <cmath>

#include "model/roles.h"

namespace normscope {
namespace {

// Floats of the widest vector.
constexpr std::ptrdiff_t kSlack = 16;

// make_log_bucket_position() of transformers' modeling_deberta_v2.py: the distance's position, or
// the distance itself if there are no buckets. In float as there, because it rounds up.
std::ptrdiff_t position_of(std::ptrdiff_t distance, const RelativePositions& positions) {
  const auto half = static_cast<std::ptrdiff_t>(positions.buckets / 2);
  if (positions.buckets == 0 || distance <= half) return distance;
  const auto middle = static_cast<float>(half);
  const float end = std::log(static_cast<float>(positions.limit - 1) / middle);
  const float share = std::log(static_cast<float>(distance) / middle) / end;
  return static_cast<std::ptrdiff_t>(std::ceil(share * (middle - 1))) + half;
}

}  // namespace

DistanceColumns::DistanceColumns(const RelativePositions& positions, std::size_t max_tokens)
    : reach_(static_cast<std::ptrdiff_t>(max_tokens) - 1),
      columns_(static_cast<std::size_t>(2 * reach_ + 1 + kSlack)) {
  const auto span = static_cast<std::ptrdiff_t>(relative_span(positions));
  // Of the 2 · span columns, number span - 1 is that of distance 0.
  const auto column = [&](std::ptrdiff_t position) {
    return static_cast<std::int32_t>(
        std::clamp<std::ptrdiff_t>(span - 1 + position, 0, 2 * span - 1));
  };
  for (std::ptrdiff_t distance = 0; distance <= reach_; ++distance) {
    const std::ptrdiff_t position = position_of(distance, positions);
    columns_[static_cast<std::size_t>(reach_ + distance)] = column(position);
    columns_[static_cast<std::size_t>(reach_ - distance)] = column(-position);
  }
}

}  // namespace normscope

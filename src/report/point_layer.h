#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "normscope/analysis.h"

namespace normscope {

/// An RGBA picture, 4 bytes per pixel, the lowest row first.
struct PointLayer {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> rgba;
};

/// Draws a translucent dot for each (x[i], y[i]) into a picture that spans `x_range` by `y_range`
/// (low < high). Where dots overlap, the blue darkens with the logarithm of their number, so that a
/// single dot and the densest place are both visible. Few distinct colours keep its PNG small.
PointLayer draw_points(std::span<const double> x, std::span<const double> y,
                       const Interval& x_range, const Interval& y_range);

}  // namespace normscope

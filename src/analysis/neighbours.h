#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace normscope {

/// How many other points lie below, level with and above a point: counts[in x][in y].
struct Neighbours {
  enum Side : std::uint8_t { kBelow, kLevel, kAbove };
  std::array<std::array<std::uint64_t, 3>, 3> counts{};
};

/// For each point (x[i], y[i]), in O(n log n) by a Fenwick (1994) tree over y.
std::vector<Neighbours> neighbours(std::span<const double> x, std::span<const double> y,
                                   const std::stop_token& stop = {});

}  // namespace normscope

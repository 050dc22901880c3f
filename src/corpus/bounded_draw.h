#pragma once

#include <cstdint>
#include <random>

namespace normscope {

/// A number drawn uniformly from [0, bound), bound > 0, the same on every machine (the standard
/// leaves std::uniform_int_distribution to the library). Exact: D. Lemire, "Fast random integer
/// generation in an interval", ACM TOMACS 29(1), 2019.
inline std::uint64_t bounded_draw(std::mt19937_64& generator, std::uint64_t bound) {
  __extension__ using uint128 = unsigned __int128;
  uint128 product = static_cast<uint128>(generator()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold) {
      product = static_cast<uint128>(generator()) * bound;
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace normscope

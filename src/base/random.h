#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace normscope {

/// SplitMix64 (Steele, Lea and Flood 2014): a counter and a mixing function, so that each pair of
/// seed and stream has its own sequence, which costs nothing to start. The same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
      : counter_(mix(mix(seed) + stream)) {}

  std::uint64_t next() { return mix(counter_ += 0x9e3779b97f4a7c15U); }

  /// In [0, bound), bound > 0; exact (Lemire 2019).
  std::uint64_t below(std::uint64_t bound) {
    __extension__ using uint128 = unsigned __int128;
    uint128 product = static_cast<uint128>(next()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t threshold = (0 - bound) % bound;
      while (static_cast<std::uint64_t>(product) < threshold) {
        product = static_cast<uint128>(next()) * bound;
      }
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  /// In [0, 1), a multiple of 2⁻⁵³.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// Standard normal, by Marsaglia's (1964) polar method.
  double normal() {
    for (;;) {
      const double u = 2 * uniform() - 1;
      const double v = 2 * uniform() - 1;
      const double squares = u * u + v * v;
      if (squares > 0 && squares < 1) return u * std::sqrt(-2 * std::log(squares) / squares);
    }
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  std::uint64_t counter_;
};

/// 0 … n - 1 in random order (Fisher and Yates).
inline std::vector<std::size_t> permutation(std::size_t n, Random& random) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = n; left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
  return order;
}

/// A random part in [0, parts) for each of n rows; the sizes of the parts differ by at most one.
inline std::vector<std::uint32_t> random_parts(std::size_t n, std::uint32_t parts,
                                               std::uint64_t seed) {
  Random random(seed);
  const std::vector<std::size_t> order = permutation(n, random);
  std::vector<std::uint32_t> part(n);
  for (std::size_t rank = 0; rank < n; ++rank) {
    part[order[rank]] = static_cast<std::uint32_t>(rank % parts);
  }
  return part;
}

}  // namespace normscope

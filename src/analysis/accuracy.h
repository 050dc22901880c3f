#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace normscope {

inline std::uint64_t count_right(std::span<const std::uint32_t> guesses,
                                 std::span<const std::uint32_t> labels) {
  std::uint64_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += guesses[i] == labels[i] ? 1 : 0;
  return right;
}

inline double share_right(std::span<const std::uint32_t> guesses,
                          std::span<const std::uint32_t> labels) {
  return static_cast<double>(count_right(guesses, labels)) / static_cast<double>(labels.size());
}

}  // namespace normscope

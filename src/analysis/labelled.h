#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace normscope {

/// Rows of `columns` numbers, each with its class in [0, classes).
struct Labelled {
  std::span<const float> rows;
  std::size_t columns = 0;
  std::span<const std::uint32_t> labels;
};

}  // namespace normscope

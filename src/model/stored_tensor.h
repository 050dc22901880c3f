#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace normscope {

/// No tensor in a weight file has more dimensions, unless the file is damaged or hostile.
constexpr std::size_t kMaxRank = 64;

/// A tensor as stored in a weight file: row-major, little-endian.
struct StoredTensor {
  std::string name;
  /// One of safetensors' names of data types: "F32", "BF16", "I64" …
  std::string dtype;
  std::vector<std::size_t> shape;
  std::span<const std::byte> bytes;
};

}  // namespace normscope

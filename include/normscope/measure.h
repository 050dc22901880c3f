#pragma once

#include <cstdint>
#include <string>

namespace normscope {

/// One row per sentence: what was measured on it.
struct Measurement {
  /// Stable position of the sentence in its corpus.
  std::uint64_t index = 0;
  std::string text;
  /// Token length: tokens without the special ones, after truncation.
  std::uint32_t tokens = 0;
  /// True where the sentence was longer than the model was asked to read.
  bool truncated = false;
  /// L2 norm of the readout vector.
  double norm = 0;
};

}  // namespace normscope

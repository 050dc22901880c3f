#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "encoder/cpu/aligned_buffer.h"

namespace normscope {

/// Where a model's packed weights lie: a few large blocks, so that they fill huge pages.
class WeightStorage {
 public:
  /// Room for `size` floats on a cache line, for as long as the storage lives.
  float* take(std::size_t size) {
    constexpr std::size_t line = AlignedBuffer::kAlignment / sizeof(float);
    size = (size + line - 1) / line * line;
    if (blocks_.empty() || used_ + size > blocks_.back().size()) {
      blocks_.emplace_back(std::max(size, kBlock));
      used_ = 0;
    }
    float* place = blocks_.back().data() + used_;
    used_ += size;
    return place;
  }

 private:
  static constexpr std::size_t kBlock = (std::size_t{32} << 20) / sizeof(float);

  std::vector<AlignedBuffer> blocks_;
  std::size_t used_ = 0;
};

}  // namespace normscope

#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>

namespace normscope {

/// Uninitialised floats that start on a cache line; large ones on a huge page, which the kernel is
/// asked to use: it saves most of the page faults of start-up and of the TLB misses later.
class AlignedBuffer {
 public:
  static constexpr std::size_t kAlignment = 64;

  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size) : size_(size) {
    const std::size_t bytes = size * sizeof(float);
    const std::align_val_t alignment{bytes >= kHugePage ? kHugePage : kAlignment};
    data_ = {static_cast<float*>(::operator new(bytes, alignment)), Free{alignment}};
    if (bytes >= kHugePage) ::madvise(data_.get(), bytes, MADV_HUGEPAGE);
  }

  /// Makes room for `size` floats; what it held is lost when it must grow.
  float* reserve(std::size_t size) {
    if (size > size_) {
      data_.reset();
      *this = AlignedBuffer(size);
    }
    return data_.get();
  }

  [[nodiscard]] float* data() { return data_.get(); }
  [[nodiscard]] const float* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;

  struct Free {
    std::align_val_t alignment;
    void operator()(float* data) const { ::operator delete(data, alignment); }
  };
  std::unique_ptr<float, Free> data_{nullptr, Free{}};
  std::size_t size_ = 0;
};

/// The distance between rows of `width` floats that keeps rows on cache lines and spreads them over
/// the cache's sets: an odd number of lines.
constexpr std::size_t row_stride(std::size_t width) {
  constexpr std::size_t line = AlignedBuffer::kAlignment / sizeof(float);
  const std::size_t lines = (width + line - 1) / line;
  return (lines | 1) * line;
}

}  // namespace normscope

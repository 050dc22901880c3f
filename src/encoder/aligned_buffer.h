#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace normscope {

/// Floats that start on a cache line, uninitialised.
class AlignedBuffer {
 public:
  static constexpr std::size_t kAlignment = 64;

  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size)
      : data_(static_cast<float*>(
            ::operator new (size * sizeof(float), std::align_val_t{kAlignment}))),
        size_(size) {}

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
  struct Free {
    void operator()(float* data) const { ::operator delete (data, std::align_val_t{kAlignment}); }
  };
  std::unique_ptr<float, Free> data_;
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

#include <bit>
#include <cstring>
#include <stdexcept>

#include "base/mapped_file.h"
#include "normscope/model.h"

namespace normscope {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");

// IEEE binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits.
float from_f16(std::uint16_t half) {
  constexpr std::uint32_t rebias = (127U - 15U) << 23;
  constexpr std::uint32_t exponent_mask = 0x1fU << 23;
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t shifted = (half & 0x7fffU) << 13;
  const std::uint32_t exponent = shifted & exponent_mask;
  std::uint32_t magnitude = shifted + rebias;
  if (exponent == exponent_mask) {
    magnitude += rebias;  // infinity and NaN keep the highest exponent
  } else if (exponent == 0) {
    // Zero and subnormals: the fraction counts units of 2^-24, added here to 2^-14 and exact.
    constexpr std::uint32_t smallest_normal = rebias + (1U << 23);
    magnitude = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude + (1U << 23)) -
                                             std::bit_cast<float>(smallest_normal));
  }
  return std::bit_cast<float>(magnitude | sign);
}

float from_bf16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

// The bytes need not be aligned: safetensors puts the data anywhere.
template <float convert(std::uint16_t)>
void widen(const std::byte* data, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, data + i * sizeof bits, sizeof bits);
    out[i] = convert(bits);
  }
}

}  // namespace

std::size_t TensorView::size() const {
  std::size_t product = 1;
  for (const std::size_t extent : shape) product *= extent;
  return product;
}

void TensorView::release() const {
  if (mapped) {
    release_pages({data, size() * (type == DataType::f32 ? sizeof(float) : sizeof(std::uint16_t))});
  }
}

void TensorView::read(std::size_t first, std::span<float> out) const {
  const std::size_t count = size();
  if (first > count || out.size() > count - first) {
    throw std::out_of_range("TensorView::read: elements beyond the tensor");
  }
  if (out.empty()) return;
  switch (type) {
    case DataType::f32:
      std::memcpy(out.data(), data + first * sizeof(float), out.size_bytes());
      break;
    case DataType::f16:
      widen<from_f16>(data + first * sizeof(std::uint16_t), out);
      break;
    case DataType::bf16:
      widen<from_bf16>(data + first * sizeof(std::uint16_t), out);
      break;
  }
}

}  // namespace normscope

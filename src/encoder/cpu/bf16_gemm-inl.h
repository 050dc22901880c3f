// Matrix products in bfloat16 with fp32 sums, for CPUs with AVX512_BF16; compiled by kernels.cc
// within its AVX-512 target.
#if defined(NORMSCOPE_ENCODER_CPU_BF16_GEMM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMSCOPE_ENCODER_CPU_BF16_GEMM_INL_H_
#undef NORMSCOPE_ENCODER_CPU_BF16_GEMM_INL_H_
#else
#define NORMSCOPE_ENCODER_CPU_BF16_GEMM_INL_H_
#endif

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "encoder/cpu/gemm-inl.h"
#include "encoder/cpu/kernels.h"

#if HWY_TARGET == HWY_AVX3

#define NORMSCOPE_BF16 __attribute__((target(HWY_TARGET_STR ",avx512bf16")))

HWY_BEFORE_NAMESPACE();
namespace normscope {
namespace HWY_NAMESPACE {
namespace bf16 {
namespace hn = hwy::HWY_NAMESPACE;

// The hardware multiplies pairs of consecutive depths, so panels are [depth pairs][columns][2].
using Pair = uint32_t;

// Distance of the converted rows of A; an odd number of cache lines.
constexpr size_t kPairStride = kMaxDepth / 2 + 16;
static_assert(kPairStride / 16 % 2 == 1);

// Round to nearest even, as the conversion instruction does; NaN stays NaN.
inline uint16_t FromFloat(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffU) > 0x7f800000U) return static_cast<uint16_t>(bits >> 16U | 0x40U);
  return static_cast<uint16_t>((bits + 0x7fffU + (bits >> 16U & 1U)) >> 16U);
}

inline size_t PackedSize(size_t in, size_t out) {
  return (out + kPanel - 1) / kPanel * kPanel * ((in + 1) / 2);
}

inline void Pack(const float* weight, size_t stride, size_t in, size_t out, float* panels) {
  auto* pair = reinterpret_cast<Pair*>(panels);
  for (size_t first = 0; first < out; first += kPanel) {
    for (size_t k = 0; k < in; k += 2) {
      for (size_t c = first; c < first + kPanel; ++c) {
        const float* row = weight + c * stride + k;
        const Pair low = c < out ? FromFloat(row[0]) : 0;
        const Pair high = c < out && k + 1 < in ? FromFloat(row[1]) : 0;
        *pair++ = low | high << 16U;
      }
    }
  }
}

template <size_t kRows, size_t kVectors>
NORMSCOPE_BF16 HWY_NOINLINE void Tile(const Pair* HWY_RESTRICT a, const Pair* HWY_RESTRICT b,
                                      size_t pairs, const TileOutput& out) {
  const D d;
  __m512 acc[kRows][kVectors];
  const size_t tail = out.columns - (kVectors - 1) * kLanes;
  const auto mask = hn::FirstN(d, tail);
#pragma GCC unroll 16
  for (size_t v = 0; v < kVectors; ++v) {
    const bool whole = v + 1 < kVectors || tail >= kLanes;
    auto start = hn::Zero(d);
    if (out.bias != nullptr && !out.accumulate) {
      start = whole ? hn::LoadU(d, out.bias + v * kLanes)
                    : hn::MaskedLoad(mask, d, out.bias + v * kLanes);
    }
#pragma GCC unroll 16
    for (size_t r = 0; r < kRows; ++r) {
      acc[r][v] = start.raw;
      if (out.accumulate) {
        const float* c = out.c + r * out.stride + v * kLanes;
        acc[r][v] = (whole ? hn::LoadU(d, c) : hn::MaskedLoad(mask, d, c)).raw;
      }
    }
  }
  for (size_t k = 0; k < pairs; ++k) {
    __m512bh bv[kVectors];
#pragma GCC unroll 16
    for (size_t v = 0; v < kVectors; ++v) {
      bv[v] = reinterpret_cast<__m512bh>(_mm512_loadu_si512(b + v * kLanes));
    }
    b += kPanel;
#pragma GCC unroll 16
    for (size_t r = 0; r < kRows; ++r) {
      const auto av =
          reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int>(a[r * kPairStride + k])));
#pragma GCC unroll 16
      for (size_t v = 0; v < kVectors; ++v) acc[r][v] = _mm512_dpbf16_ps(acc[r][v], av, bv[v]);
    }
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < kRows; ++r) {
#pragma GCC unroll 16
    for (size_t v = 0; v < kVectors; ++v) {
      float* c = out.c + r * out.stride + v * kLanes;
      const V x = Finish(out.epilogue, V{acc[r][v]});
      if (v + 1 < kVectors || tail >= kLanes) {
        hn::StoreU(x, d, c);
      } else {
        hn::BlendedStore(x, mask, d, c);
      }
    }
  }
}

using TileFunction = void (*)(const Pair*, const Pair*, size_t, const TileOutput&);

template <size_t kVectors, size_t... kRow>
constexpr std::array<TileFunction, kTileRows> TilesOf(std::index_sequence<kRow...>) {
  return {Tile<kRow + 1, kVectors>...};
}
constexpr auto kNarrowTiles = TilesOf<1>(std::make_index_sequence<kTileRows>());
constexpr auto kWideTiles = TilesOf<kTileVectors>(std::make_index_sequence<kTileRows>());

NORMSCOPE_BF16 inline void ConvertRows(ConstRows x, size_t rows, size_t depth, Pair* pairs) {
  for (size_t r = 0; r < rows; ++r) {
    const float* from = x.data + r * x.stride;
    Pair* to = pairs + r * kPairStride;
    for (size_t k = 0; k < depth; k += 32) {
      const size_t left = std::min<size_t>(32, depth - k);
      const auto low = static_cast<__mmask16>(left >= 16 ? 0xffffU : (1U << left) - 1);
      const auto high = static_cast<__mmask16>(left <= 16 ? 0U : (1U << (left - 16)) - 1);
      const __m512bh both = _mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(high, from + k + 16),
                                                _mm512_maskz_loadu_ps(low, from + k));
      _mm512_storeu_si512(to + k / 2, reinterpret_cast<__m512i>(both));
    }
  }
}

inline void Linear(ConstRows x, size_t rows, const PackedMatrix& weight, const float* bias,
                   Epilogue epilogue, Rows y) {
  const auto* panel_pairs = reinterpret_cast<const Pair*>(weight.data);
  const size_t blocks = (weight.in + kMaxDepth - 1) / kMaxDepth;
  const size_t depth = ((weight.in + blocks - 1) / blocks + 1) / 2 * 2;
  const size_t group = std::max<size_t>(1, kPanelGroupBytes / (depth / 2 * kPanel * sizeof(Pair)));
  const size_t panels = (weight.out + kPanel - 1) / kPanel;
  const size_t panel_size = (weight.in + 1) / 2 * kPanel;
  alignas(64) std::array<Pair, kTileRows * kPairStride> converted;
  for (size_t k = 0; k < weight.in; k += depth) {
    const bool last = k + depth >= weight.in;
    const size_t block_depth = std::min(depth, weight.in - k);
    for (size_t first = 0; first < panels; first += group) {
      const size_t end = std::min(panels, first + group);
      for (size_t row = 0; row < rows; row += kTileRows) {
        const size_t tile_rows = std::min(kTileRows, rows - row);
        ConvertRows({x.data + row * x.stride + k, x.stride}, tile_rows, block_depth,
                    converted.data());
        for (size_t p = first; p < end; ++p) {
          const size_t column = p * kPanel;
          const size_t columns = std::min(kPanel, weight.out - column);
          (columns > kLanes ? kWideTiles : kNarrowTiles)[tile_rows - 1](
              converted.data(), panel_pairs + p * panel_size + k / 2 * kPanel,
              (block_depth + 1) / 2,
              {.c = y.data + row * y.stride + column,
               .stride = y.stride,
               .columns = columns,
               .bias = bias == nullptr ? nullptr : bias + column,
               .accumulate = k > 0,
               .epilogue = last ? epilogue : Epilogue::none});
        }
      }
    }
  }
}

}  // namespace bf16
}  // namespace HWY_NAMESPACE
}  // namespace normscope
HWY_AFTER_NAMESPACE();

#undef NORMSCOPE_BF16

#endif

#endif

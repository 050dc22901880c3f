// Matrix products with packed panels, compiled once per instruction set by kernels.cc.
#if defined(NORMSCOPE_ENCODER_CPU_GEMM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMSCOPE_ENCODER_CPU_GEMM_INL_H_
#undef NORMSCOPE_ENCODER_CPU_GEMM_INL_H_
#else
#define NORMSCOPE_ENCODER_CPU_GEMM_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "encoder/cpu/activation-inl.h"
#include "encoder/cpu/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace normscope {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// The tile of C that stays in registers: kTileRows x 2 vectors. AVX-512 has 32 registers, AVX2 16.
constexpr size_t kLanes = HWY_LANES(float);
constexpr size_t kTileRows = HWY_TARGET == HWY_AVX2 ? 6 : 14;
constexpr size_t kTileVectors = 2;
constexpr size_t kPanel = kTileVectors * kLanes;

// Depth of a block: a tile's rows of A then stay in the first-level cache.
constexpr size_t kMaxDepth = 512;
// Panels of a block of B, as bytes, that stay in the second-level cache while A passes by.
constexpr size_t kPanelGroupBytes = 384 * 1024;

struct TileOutput {
  float* c;
  size_t stride;
  size_t columns;     // of this tile that exist
  const float* bias;  // start value if not null
  bool accumulate;    // continue from what C holds
  Epilogue epilogue;
};

// B's next panels, prefetched into the second-level cache meanwhile: `step` floats for each step of
// depth.
struct Ahead {
  const float* b;
  size_t step;
};

template <class V>
HWY_INLINE V Finish(Epilogue epilogue, V x) {
  switch (epilogue) {
    case Epilogue::none:
      return x;
    case Epilogue::gelu:
      return Gelu(x);
    case Epilogue::gelu_new:
      return GeluNew(x);
    case Epilogue::relu:
      return hn::Max(x, hn::Zero(D()));
    case Epilogue::silu:
      return Silu(x);
  }
  return x;
}

// C tile = A [kRows, depth] · B [depth, kVectors · kLanes]. Every element is one chain of fused
// multiply-adds over the depth, the same for every kRows and kVectors.
template <size_t kRows, size_t kVectors>
HWY_NOINLINE void Tile(const float* HWY_RESTRICT a, size_t a_stride, const float* HWY_RESTRICT b,
                       size_t b_stride, size_t depth, const Ahead& ahead, const TileOutput& out) {
  const D d;
  V acc[kRows][kVectors];
  const size_t tail = out.columns - (kVectors - 1) * kLanes;
  const auto mask = hn::FirstN(d, tail);
#pragma GCC unroll 16
  for (size_t v = 0; v < kVectors; ++v) {
    const bool whole = v + 1 < kVectors || tail >= kLanes;
    V start = hn::Zero(d);
    if (out.bias != nullptr && !out.accumulate) {
      start = whole ? hn::LoadU(d, out.bias + v * kLanes)
                    : hn::MaskedLoad(mask, d, out.bias + v * kLanes);
    }
#pragma GCC unroll 16
    for (size_t r = 0; r < kRows; ++r) {
      acc[r][v] = start;
      if (out.accumulate) {
        const float* c = out.c + r * out.stride + v * kLanes;
        acc[r][v] = whole ? hn::LoadU(d, c) : hn::MaskedLoad(mask, d, c);
      }
    }
  }
  for (size_t k = 0; k < depth; ++k) {
    V bv[kVectors];
#pragma GCC unroll 16
    for (size_t v = 0; v < kVectors; ++v) bv[v] = hn::LoadU(d, b + v * kLanes);
    b += b_stride;
    __builtin_prefetch(ahead.b + k * ahead.step, 0, 2);
#pragma GCC unroll 16
    for (size_t r = 0; r < kRows; ++r) {
      const V av = hn::Set(d, a[r * a_stride + k]);
#pragma GCC unroll 16
      for (size_t v = 0; v < kVectors; ++v) acc[r][v] = hn::MulAdd(av, bv[v], acc[r][v]);
    }
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < kRows; ++r) {
#pragma GCC unroll 16
    for (size_t v = 0; v < kVectors; ++v) {
      float* c = out.c + r * out.stride + v * kLanes;
      const V x = Finish(out.epilogue, acc[r][v]);
      if (v + 1 < kVectors || tail >= kLanes) {
        hn::StoreU(x, d, c);
      } else {
        hn::BlendedStore(x, mask, d, c);
      }
    }
  }
}

using TileFunction = void (*)(const float*, size_t, const float*, size_t, size_t, const Ahead&,
                              const TileOutput&);

template <size_t kVectors, size_t... kRow>
constexpr std::array<TileFunction, kTileRows> TilesOf(std::index_sequence<kRow...>) {
  return {Tile<kRow + 1, kVectors>...};
}

// Tiles by their number of rows minus one.
constexpr auto kNarrowTiles = TilesOf<1>(std::make_index_sequence<kTileRows>());
constexpr auto kWideTiles = TilesOf<kTileVectors>(std::make_index_sequence<kTileRows>());

HWY_INLINE TileFunction TileFor(size_t rows, size_t columns) {
  return (columns > kLanes ? kWideTiles : kNarrowTiles)[rows - 1];
}

inline size_t PackedSize(size_t in, size_t out) {
  return (out + kPanel - 1) / kPanel * kPanel * in;
}

inline void Pack(const float* weight, size_t stride, size_t in, size_t out, float* panels) {
  for (size_t first = 0; first < out; first += kPanel) {
    const size_t columns = std::min(kPanel, out - first);
    for (size_t k = 0; k < in; ++k) {
      for (size_t c = 0; c < columns; ++c)
        panels[k * kPanel + c] = weight[(first + c) * stride + k];
      std::fill(panels + k * kPanel + columns, panels + (k + 1) * kPanel, 0.0F);
    }
    panels += kPanel * in;
  }
}

// Brings rows [first, first + count) of A, those that exist, into the first-level cache.
inline void PrefetchRows(ConstRows a, size_t first, size_t count, size_t rows, size_t depth) {
  constexpr size_t kLine = 64 / sizeof(float);
  for (size_t row = first; row < std::min(first + count, rows); ++row) {
    for (size_t k = 0; k < depth; k += kLine) __builtin_prefetch(a.data + row * a.stride + k, 0, 3);
  }
}

inline void Linear(ConstRows x, size_t rows, const PackedMatrix& weight, const float* bias,
                   Epilogue epilogue, Rows y) {
  const size_t blocks = (weight.in + kMaxDepth - 1) / kMaxDepth;
  const size_t depth = (weight.in + blocks - 1) / blocks;
  const size_t group = std::max<size_t>(1, kPanelGroupBytes / (depth * kPanel * sizeof(float)));
  const size_t panels = (weight.out + kPanel - 1) / kPanel;
  // While all rows are multiplied with a group of panels, the next group is prefetched, a share
  // with each tile.
  const size_t row_tiles = (rows + kTileRows - 1) / kTileRows;
  const size_t ahead_step = (kPanel + row_tiles - 1) / row_tiles;
  for (size_t k = 0; k < weight.in; k += depth) {
    const bool last = k + depth >= weight.in;
    const size_t block_depth = std::min(depth, weight.in - k);
    const ConstRows a{x.data + k, x.stride};
    for (size_t first = 0; first < panels; first += group) {
      const size_t end = std::min(panels, first + group);
      const size_t next_rows = (kTileRows + end - first - 1) / (end - first);
      for (size_t row = 0; row < rows; row += kTileRows) {
        const size_t tile_rows = std::min(kTileRows, rows - row);
        for (size_t p = first; p < end; ++p) {
          PrefetchRows(a, row + kTileRows + (p - first) * next_rows, next_rows, rows, block_depth);
          const size_t column = p * kPanel;
          const size_t columns = std::min(kPanel, weight.out - column);
          const float* b = weight.data + column * weight.in + k * kPanel;
          const float* next_b = b + (end - first) * kPanel * weight.in;
          TileFor(tile_rows, columns)(
              a.data + row * a.stride, a.stride, b, kPanel, block_depth,
              {.b = next_b + row / kTileRows * ahead_step * block_depth, .step = ahead_step},
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

}  // namespace HWY_NAMESPACE
}  // namespace normscope
HWY_AFTER_NAMESPACE();

#endif

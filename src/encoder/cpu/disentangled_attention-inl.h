// DeBERTa's self-attention within one sentence, compiled once per instruction set by kernels.cc.
#if defined(NORMSCOPE_ENCODER_CPU_DISENTANGLED_ATTENTION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMSCOPE_ENCODER_CPU_DISENTANGLED_ATTENTION_INL_H_
#undef NORMSCOPE_ENCODER_CPU_DISENTANGLED_ATTENTION_INL_H_
#else
#define NORMSCOPE_ENCODER_CPU_DISENTANGLED_ATTENTION_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "encoder/cpu/attention-inl.h"
#include "encoder/cpu/gemm-inl.h"
#include "encoder/cpu/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace normscope {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The columns of the position tables that a sentence's distances have.
struct ColumnRange {
  size_t first;
  size_t width;
};

HWY_INLINE ColumnRange ColumnsOf(const DisentangledShape& shape) {
  const std::int32_t* zero = shape.tables.zero;
  const auto first = static_cast<size_t>(*(zero - (shape.queries - 1)));
  return {first, static_cast<size_t>(zero[shape.tokens - 1]) - first + 1};
}

inline size_t DisentangledAttentionScratch(const DisentangledShape& shape) {
  const size_t panels = (shape.tokens + kPanel - 1) / kPanel;
  const size_t width = ColumnsOf(shape).width;
  const size_t key_products = shape.tables.queries == nullptr ? 0 : shape.tokens * width;
  return panels * kPanel * shape.head_size + kTileRows * (ScoreStride(shape.tokens) + width) +
         key_products;
}

// products <- x [rows, size] · table [size, .], of the columns [first, end).
HWY_INLINE void TableProducts(ConstRows x, size_t rows, size_t size, const float* table,
                              size_t stride, size_t first, size_t end, Rows products) {
  for (size_t column = first; column < end; column += kPanel) {
    const size_t columns = std::min(kPanel, end - column);
    TileFor(rows, columns)(x.data, x.stride, table + column, stride, size, {table, 0},
                           {.c = products.data + (column - first),
                            .stride = products.stride,
                            .columns = columns,
                            .bias = nullptr,
                            .accumulate = false,
                            .epilogue = Epilogue::none});
  }
}

// scores[j] += query_products[column of j] + key_products[j][column of j] over [0, tokens), where
// `columns` has j's; either may be null.
HWY_INLINE void AddByDistance(const std::int32_t* columns, const ColumnRange& range,
                              const float* query_products, const float* key_products, size_t tokens,
                              float* scores) {
  const D d;
  const hn::RebindToSigned<D> di;
  const auto first = hn::Set(di, static_cast<std::int32_t>(range.first));
  const auto rows = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<std::int32_t>(range.width)));
  for (size_t j = 0; j < tokens; j += kLanes) {
    // Columns that no key has are read from the beginning, and not used.
    const auto mask = hn::FirstN(di, std::min(kLanes, tokens - j));
    const auto column = hn::IfThenElseZero(mask, hn::Sub(hn::LoadU(di, columns + j), first));
    auto sum = hn::LoadU(d, scores + j);
    if (query_products != nullptr) {
      sum = hn::Add(sum, hn::GatherIndex(d, query_products, column));
    }
    if (key_products != nullptr) {
      const auto index = hn::IfThenElseZero(mask, hn::Add(rows, column));
      sum = hn::Add(sum, hn::GatherIndex(d, key_products + j * range.width, index));
    }
    hn::StoreU(sum, d, scores + j);
  }
}

inline void DisentangledAttention(ConstRows queries, ConstRows keys, ConstRows values,
                                  const DisentangledShape& shape, float* scratch, Rows context) {
  const size_t tokens = shape.tokens;
  const size_t size = shape.head_size;
  const PositionTables& tables = shape.tables;
  const ColumnRange range = ColumnsOf(shape);
  const size_t score_stride = ScoreStride(tokens);
  float* panels = scratch;
  float* scores = panels + (tokens + kPanel - 1) / kPanel * kPanel * size;
  float* query_products = scores + kTileRows * score_stride;
  float* key_products = query_products + kTileRows * range.width;
  // For the keys [row, row + rows), or the queries there, only the distances that occur are
  // computed.
  const auto column_at = [&](size_t key, size_t query) {
    const auto distance = static_cast<std::ptrdiff_t>(key) - static_cast<std::ptrdiff_t>(query);
    return static_cast<size_t>(tables.zero[distance]);
  };
  for (size_t head = shape.first_head; head < shape.end_head; ++head) {
    const float* q = queries.data + head * size;
    const float* k = keys.data + head * size;
    const float* v = values.data + head * size;
    const size_t table = head * size * tables.stride;
    Pack(k, keys.stride, size, tokens, panels);
    if (tables.queries != nullptr) {
      for (size_t row = 0; row < tokens; row += kTileRows) {
        const size_t rows = std::min(kTileRows, tokens - row);
        const size_t first = column_at(row, shape.queries - 1);
        TableProducts({k + row * keys.stride, keys.stride}, rows, size, tables.queries + table,
                      tables.stride, first, column_at(row + rows - 1, 0) + 1,
                      {key_products + row * range.width + (first - range.first), range.width});
      }
    }
    for (size_t row = 0; row < shape.queries; row += kTileRows) {
      const size_t rows = std::min(kTileRows, shape.queries - row);
      const ConstRows asking{q + row * queries.stride, queries.stride};
      if (tables.keys != nullptr) {
        const size_t first = column_at(0, row + rows - 1);
        TableProducts(asking, rows, size, tables.keys + table, tables.stride, first,
                      column_at(tokens - 1, row) + 1,
                      {query_products + (first - range.first), range.width});
      }
      for (size_t column = 0; column < tokens; column += kPanel) {
        const size_t columns = std::min(kPanel, tokens - column);
        TileFor(rows, columns)(asking.data, asking.stride, panels + column * size, kPanel, size,
                               {panels, 0},
                               {.c = scores + column,
                                .stride = score_stride,
                                .columns = columns,
                                .bias = nullptr,
                                .accumulate = false,
                                .epilogue = Epilogue::none});
      }
      for (size_t r = 0; r < rows; ++r) {
        float* const row_scores = scores + r * score_stride;
        AddByDistance(tables.zero - (row + r), range,
                      tables.keys == nullptr ? nullptr : query_products + r * range.width,
                      tables.queries == nullptr ? nullptr : key_products, tokens, row_scores);
        Softmax(row_scores, tokens, shape.scale);
      }
      for (size_t column = 0; column < size; column += kPanel) {
        const size_t columns = std::min(kPanel, size - column);
        TileFor(rows, columns)(scores, score_stride, v + column, values.stride, tokens, {v, 0},
                               {.c = context.data + row * context.stride + head * size + column,
                                .stride = context.stride,
                                .columns = columns,
                                .bias = nullptr,
                                .accumulate = false,
                                .epilogue = Epilogue::none});
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace normscope
HWY_AFTER_NAMESPACE();

#endif

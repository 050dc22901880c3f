// Self-attention within one sentence, compiled once per instruction set by kernels.cc.
#if defined(NORMSCOPE_ENCODER_CPU_ATTENTION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMSCOPE_ENCODER_CPU_ATTENTION_INL_H_
#undef NORMSCOPE_ENCODER_CPU_ATTENTION_INL_H_
#else
#define NORMSCOPE_ENCODER_CPU_ATTENTION_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "encoder/cpu/gemm-inl.h"
#include "encoder/cpu/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace normscope {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// scores <- softmax(scale · scores) over [0, size). The lanes up to the next whole vector are
// written too (with zeros).
HWY_INLINE void Softmax(float* scores, size_t size, float scale) {
  const D d;
  const size_t whole = size / kLanes * kLanes;
  const auto mask = hn::FirstN(d, size - whole);
  auto largest = hn::Set(d, scores[0]);
  for (size_t i = 0; i < whole; i += kLanes) largest = hn::Max(largest, hn::LoadU(d, scores + i));
  if (whole < size) {
    largest = hn::Max(largest, hn::IfThenElse(mask, hn::LoadU(d, scores + whole), largest));
  }
  largest = hn::MaxOfLanes(d, largest);
  const auto scale_v = hn::Set(d, scale);
  auto sum = hn::Zero(d);
  for (size_t i = 0; i < whole; i += kLanes) {
    const auto e = hn::Exp(d, hn::Mul(hn::Sub(hn::LoadU(d, scores + i), largest), scale_v));
    sum = hn::Add(sum, e);
    hn::StoreU(e, d, scores + i);
  }
  if (whole < size) {
    const auto e = hn::IfThenElseZero(
        mask, hn::Exp(d, hn::Mul(hn::Sub(hn::LoadU(d, scores + whole), largest), scale_v)));
    sum = hn::Add(sum, e);
    hn::StoreU(e, d, scores + whole);
  }
  const auto inverse = hn::Div(hn::Set(d, 1.0F), hn::SumOfLanes(d, sum));
  for (size_t i = 0; i < size; i += kLanes) {
    hn::StoreU(hn::Mul(hn::LoadU(d, scores + i), inverse), d, scores + i);
  }
}

// scores <- scale · scores + bias over [0, size).
HWY_INLINE void ScaleAndAdd(const float* bias, size_t size, float scale, float* scores) {
  const D d;
  const auto scale_v = hn::Set(d, scale);
  const size_t whole = size / kLanes * kLanes;
  for (size_t i = 0; i < whole; i += kLanes) {
    hn::StoreU(hn::MulAdd(hn::LoadU(d, scores + i), scale_v, hn::LoadU(d, bias + i)), d,
               scores + i);
  }
  if (whole < size) {
    const auto mask = hn::FirstN(d, size - whole);
    const auto added = hn::MaskedLoad(mask, d, bias + whole);
    hn::StoreU(hn::MulAdd(hn::LoadU(d, scores + whole), scale_v, added), d, scores + whole);
  }
}

// scores <- softmax(scale · scores + bias) for a head's query and the keys from `distance` tokens
// after it on.
HWY_INLINE void BiasedSoftmax(const DistanceBias& bias, size_t head, ptrdiff_t distance,
                              size_t size, float scale, float* scores) {
  if (bias.zero == nullptr) {
    Softmax(scores, size, scale);
    return;
  }
  ScaleAndAdd(bias.zero + head * bias.stride + distance, size, scale, scores);
  Softmax(scores, size, 1.0F);
}

// Turns the points (x, y) [size] by the angles with these cosines and sines.
HWY_INLINE void RotatePairs(const float* cosines, const float* sines, size_t size, float* x,
                            float* y) {
  const D d;
  const size_t whole = size / kLanes * kLanes;
  for (size_t i = 0; i < whole; i += kLanes) {
    const auto c = hn::LoadU(d, cosines + i);
    const auto s = hn::LoadU(d, sines + i);
    const auto from_x = hn::LoadU(d, x + i);
    const auto from_y = hn::LoadU(d, y + i);
    hn::StoreU(hn::NegMulAdd(from_y, s, hn::Mul(from_x, c)), d, x + i);
    hn::StoreU(hn::MulAdd(from_x, s, hn::Mul(from_y, c)), d, y + i);
  }
  if (whole < size) {
    const auto mask = hn::FirstN(d, size - whole);
    const auto c = hn::MaskedLoad(mask, d, cosines + whole);
    const auto s = hn::MaskedLoad(mask, d, sines + whole);
    const auto from_x = hn::MaskedLoad(mask, d, x + whole);
    const auto from_y = hn::MaskedLoad(mask, d, y + whole);
    hn::BlendedStore(hn::NegMulAdd(from_y, s, hn::Mul(from_x, c)), mask, d, x + whole);
    hn::BlendedStore(hn::MulAdd(from_x, s, hn::Mul(from_y, c)), mask, d, y + whole);
  }
}

inline void Rotate(ConstRows angles, size_t rows, size_t heads, size_t size, Rows x) {
  const size_t half = size / 2;
  for (size_t row = 0; row < rows; ++row) {
    const float* cosines = angles.data + row * angles.stride;
    float* head = x.data + row * x.stride;
    for (size_t h = 0; h < heads; ++h, head += size) {
      RotatePairs(cosines, cosines + half, half, head, head + half);
    }
  }
}

inline size_t ScoreStride(size_t tokens) {
  return (tokens + kPanel - 1) / kPanel * kPanel + kLanes;
}

// The keys that the query at `row` sees are [FirstSeen, EndSeen).
HWY_INLINE size_t FirstSeen(const AttentionShape& shape, size_t row) {
  return row > shape.reach ? row - shape.reach : 0;
}
HWY_INLINE size_t EndSeen(const AttentionShape& shape, size_t row) {
  return shape.tokens - row > shape.reach ? row + shape.reach + 1 : shape.tokens;
}

// A tile of queries sees at most this many keys, including those before them in the first key's
// panel.
HWY_INLINE size_t MostSeen(const AttentionShape& shape) {
  if (shape.reach >= shape.tokens) return shape.tokens;
  return std::min(shape.tokens, kPanel + kTileRows + 2 * shape.reach);
}

inline size_t AttentionScratch(const AttentionShape& shape) {
  const size_t panels = (shape.tokens + kPanel - 1) / kPanel;
  return panels * kPanel * shape.head_size + kTileRows * ScoreStride(MostSeen(shape));
}

inline void Attention(ConstRows qkv, const AttentionShape& shape, float* scratch, Rows context) {
  const size_t tokens = shape.tokens;
  const size_t size = shape.head_size;
  const size_t hidden = shape.heads * size;
  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  const size_t score_stride = ScoreStride(MostSeen(shape));
  float* keys = scratch;
  float* scores = keys + (tokens + kPanel - 1) / kPanel * kPanel * size;
  for (size_t head = shape.first_head; head < shape.end_head; ++head) {
    const float* q = qkv.data + head * size;
    const float* k = q + hidden;
    const float* v = k + hidden;
    // Keys as the right-hand side of Q · Kᵀ: the same panels as a weight [tokens, head_size].
    Pack(k, qkv.stride, size, tokens, keys);
    for (size_t row = 0; row < tokens; row += kTileRows) {
      const size_t rows = std::min(kTileRows, tokens - row);
      // The keys that the tile sees, from the start of a panel on.
      const size_t first = FirstSeen(shape, row) / kPanel * kPanel;
      const size_t end = EndSeen(shape, row + rows - 1);
      for (size_t column = first; column < end; column += kPanel) {
        const size_t columns = std::min(kPanel, end - column);
        TileFor(rows, columns)(q + row * qkv.stride, qkv.stride, keys + column * size, kPanel, size,
                               {keys, 0},
                               {.c = scores + (column - first),
                                .stride = score_stride,
                                .columns = columns,
                                .bias = nullptr,
                                .accumulate = false,
                                .epilogue = Epilogue::none});
      }
      for (size_t r = 0; r < rows; ++r) {
        const size_t seen = FirstSeen(shape, row + r);
        const size_t seen_end = EndSeen(shape, row + r);
        float* weights = scores + r * score_stride;
        BiasedSoftmax(shape.bias, head,
                      static_cast<ptrdiff_t>(seen) - static_cast<ptrdiff_t>(row + r),
                      seen_end - seen, scale, weights + (seen - first));
        std::fill(weights, weights + (seen - first), 0.0F);
        std::fill(weights + (seen_end - first), weights + (end - first), 0.0F);
      }
      for (size_t column = 0; column < size; column += kPanel) {
        const size_t columns = std::min(kPanel, size - column);
        TileFor(rows, columns)(scores, score_stride, v + first * qkv.stride + column, qkv.stride,
                               end - first, {v, 0},
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

inline size_t AttendStatesScratch(const FirstTokenShape& shape) {
  return shape.heads * ScoreStride(shape.tokens);
}

inline void AttendStates(ConstRows queries, ConstRows keys, ConstRows states,
                         const FirstTokenShape& shape, float* scratch, Rows mixed) {
  const D d;
  const size_t tokens = shape.tokens;
  const size_t heads = shape.heads;
  const size_t hidden = shape.hidden;
  const size_t whole = shape.key_size / kLanes * kLanes;
  const auto mask = hn::FirstN(d, shape.key_size - whole);
  const size_t stride = ScoreStride(tokens);
  for (size_t head = 0; head < heads; ++head) {
    const float* query = queries.data + head * queries.stride;
    float* scores = scratch + head * stride;
    for (size_t t = 0; t < tokens; ++t) {
      const float* key = keys.data + t * keys.stride + head * shape.key_step;
      auto sum = hn::Zero(d);
      for (size_t i = 0; i < whole; i += kLanes) {
        sum = hn::MulAdd(hn::LoadU(d, query + i), hn::LoadU(d, key + i), sum);
      }
      if (whole < shape.key_size) {
        sum = hn::MulAdd(hn::MaskedLoad(mask, d, query + whole),
                         hn::MaskedLoad(mask, d, key + whole), sum);
      }
      scores[t] = hn::GetLane(hn::SumOfLanes(d, sum));
    }
    BiasedSoftmax(shape.bias, head, 0, tokens, shape.scale, scores);
  }
  for (size_t row = 0; row < heads; row += kTileRows) {
    const size_t rows = std::min(kTileRows, heads - row);
    for (size_t column = 0; column < hidden; column += kPanel) {
      const size_t columns = std::min(kPanel, hidden - column);
      TileFor(rows, columns)(scratch + row * stride, stride, states.data + column, states.stride,
                             tokens, {states.data, 0},
                             {.c = mixed.data + row * mixed.stride + column,
                              .stride = mixed.stride,
                              .columns = columns,
                              .bias = nullptr,
                              .accumulate = false,
                              .epilogue = Epilogue::none});
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace normscope
HWY_AFTER_NAMESPACE();

#endif

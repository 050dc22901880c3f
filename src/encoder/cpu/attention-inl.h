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

inline size_t ScoreStride(size_t tokens) {
  return (tokens + kPanel - 1) / kPanel * kPanel + kLanes;
}

inline size_t AttentionScratch(const AttentionShape& shape) {
  const size_t panels = (shape.tokens + kPanel - 1) / kPanel;
  return panels * kPanel * shape.head_size + kTileRows * ScoreStride(shape.tokens);
}

inline void Attention(ConstRows qkv, const AttentionShape& shape, float* scratch, Rows context) {
  const size_t tokens = shape.tokens;
  const size_t size = shape.head_size;
  const size_t hidden = shape.heads * size;
  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  const size_t score_stride = ScoreStride(tokens);
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
      for (size_t column = 0; column < tokens; column += kPanel) {
        const size_t columns = std::min(kPanel, tokens - column);
        TileFor(rows, columns)(q + row * qkv.stride, qkv.stride, keys + column * size, kPanel, size,
                               {keys, 0},
                               {.c = scores + column,
                                .stride = score_stride,
                                .columns = columns,
                                .bias = nullptr,
                                .accumulate = false,
                                .epilogue = Epilogue::none});
      }
      for (size_t r = 0; r < rows; ++r) Softmax(scores + r * score_stride, tokens, scale);
      for (size_t column = 0; column < size; column += kPanel) {
        const size_t columns = std::min(kPanel, size - column);
        TileFor(rows, columns)(scores, score_stride, v + column, qkv.stride, tokens, {v, 0},
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

inline size_t AttendStatesScratch(size_t heads, size_t tokens) {
  return heads * ScoreStride(tokens);
}

inline void AttendStates(ConstRows queries, size_t heads, ConstRows states, size_t tokens,
                         size_t hidden, float scale, float* scratch, Rows mixed) {
  const D d;
  const size_t whole = hidden / kLanes * kLanes;
  const auto mask = hn::FirstN(d, hidden - whole);
  const size_t stride = ScoreStride(tokens);
  for (size_t head = 0; head < heads; ++head) {
    const float* query = queries.data + head * queries.stride;
    float* scores = scratch + head * stride;
    for (size_t t = 0; t < tokens; ++t) {
      const float* state = states.data + t * states.stride;
      auto sum = hn::Zero(d);
      for (size_t i = 0; i < whole; i += kLanes) {
        sum = hn::MulAdd(hn::LoadU(d, query + i), hn::LoadU(d, state + i), sum);
      }
      if (whole < hidden) {
        sum = hn::MulAdd(hn::MaskedLoad(mask, d, query + whole),
                         hn::MaskedLoad(mask, d, state + whole), sum);
      }
      scores[t] = hn::GetLane(hn::SumOfLanes(d, sum));
    }
    Softmax(scores, tokens, scale);
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

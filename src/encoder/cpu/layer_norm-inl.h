// Residual addition with LayerNorm, compiled once per instruction set by kernels.cc.
#if defined(NORMSCOPE_ENCODER_CPU_LAYER_NORM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMSCOPE_ENCODER_CPU_LAYER_NORM_INL_H_
#undef NORMSCOPE_ENCODER_CPU_LAYER_NORM_INL_H_
#else
#define NORMSCOPE_ENCODER_CPU_LAYER_NORM_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstddef>

#include "encoder/cpu/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace normscope {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Sum over i < size of term(i, count), where term gives the lanes from i on, `count` of them real.
template <class Term>
HWY_INLINE float SumTerms(size_t size, const Term& term) {
  const hn::ScalableTag<float> d;
  constexpr size_t lanes = HWY_LANES(float);
  auto sum0 = hn::Zero(d);
  auto sum1 = hn::Zero(d);
  size_t i = 0;
  for (; i + 2 * lanes <= size; i += 2 * lanes) {
    sum0 = hn::Add(sum0, term(i, lanes));
    sum1 = hn::Add(sum1, term(i + lanes, lanes));
  }
  for (; i < size; i += lanes) {
    sum0 = hn::Add(sum0, hn::IfThenElseZero(hn::FirstN(d, size - i), term(i, size - i)));
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1)));
}

inline void AddLayerNorm(ConstRows x, const float* residual, size_t residual_stride, size_t rows,
                         size_t size, const float* weight, const float* bias, float epsilon,
                         Rows y) {
  const hn::ScalableTag<float> d;
  constexpr size_t lanes = HWY_LANES(float);
  const auto load = [d](const float* from, size_t count) HWY_ATTR {
    return count >= lanes ? hn::LoadU(d, from) : hn::MaskedLoad(hn::FirstN(d, count), d, from);
  };
  const auto store = [d](auto v, float* to, size_t count) HWY_ATTR {
    if (count >= lanes) {
      hn::StoreU(v, d, to);
    } else {
      hn::BlendedStore(v, hn::FirstN(d, count), d, to);
    }
  };
  const float inverse_size = 1.0F / static_cast<float>(size);
  for (size_t r = 0; r < rows; ++r) {
    const float* in = x.data + r * x.stride;
    float* out = y.data + r * y.stride;
    if (residual != nullptr) {
      const float* added = residual + r * residual_stride;
      for (size_t i = 0; i < size; i += lanes) {
        store(hn::Add(load(in + i, size - i), load(added + i, size - i)), out + i, size - i);
      }
      in = out;
    }
    const float mean = inverse_size * SumTerms(size, [&](size_t i, size_t count)
                                                         HWY_ATTR { return load(in + i, count); });
    const auto mean_v = hn::Set(d, mean);
    const float variance = inverse_size * SumTerms(size, [&](size_t i, size_t count) HWY_ATTR {
                             const auto centred = hn::Sub(load(in + i, count), mean_v);
                             return hn::Mul(centred, centred);
                           });
    const auto scale = hn::Set(d, 1.0F / std::sqrt(variance + epsilon));
    for (size_t i = 0; i < size; i += lanes) {
      const size_t count = size - i;
      const auto z = hn::Mul(hn::Sub(load(in + i, count), mean_v), scale);
      store(hn::MulAdd(z, load(weight + i, count), load(bias + i, count)), out + i, count);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace normscope
HWY_AFTER_NAMESPACE();

#endif

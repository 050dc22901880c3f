// The activation functions, compiled once per instruction set by kernels.cc.
#if defined(NORMSCOPE_ENCODER_CPU_ACTIVATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMSCOPE_ENCODER_CPU_ACTIVATION_INL_H_
#undef NORMSCOPE_ENCODER_CPU_ACTIVATION_INL_H_
#else
#define NORMSCOPE_ENCODER_CPU_ACTIVATION_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "encoder/cpu/erf_polynomial.h"

HWY_BEFORE_NAMESPACE();
namespace normscope {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// x · Φ(x) with erf(z) = z · P(z²), the polynomial of scripts/fit_erf.py; absolute error below
// 2e-7 · |x|.
template <class V>
HWY_INLINE V Gelu(V x) {
  const hn::DFromV<V> d;
  const V limit = hn::Set(d, kErfLimit);
  const V z = hn::Clamp(hn::Mul(x, hn::Set(d, 0.70710678118654752F)), hn::Neg(limit), limit);
  const V t =
      hn::MulSub(hn::Mul(z, z), hn::Set(d, 2.0F / (kErfLimit * kErfLimit)), hn::Set(d, 1.0F));
  V p = hn::Set(d, kErfPolynomial.back());
#pragma GCC unroll 16
  for (size_t i = kErfPolynomial.size() - 1; i-- > 0;) {
    p = hn::MulAdd(p, t, hn::Set(d, kErfPolynomial[i]));
  }
  const V half = hn::Mul(x, hn::Set(d, 0.5F));
  return hn::MulAdd(half, hn::Mul(z, p), half);
}

// The tanh form (Hendrycks & Gimpel 2016), "gelu_new" in transformers.
template <class V>
HWY_INLINE V GeluNew(V x) {
  const hn::DFromV<V> d;
  const V cubic = hn::Mul(hn::Mul(hn::Mul(x, x), x), hn::Set(d, 0.044715F));
  const V inner = hn::Mul(hn::Add(x, cubic), hn::Set(d, 0.79788456080286536F));
  const V half = hn::Mul(x, hn::Set(d, 0.5F));
  return hn::MulAdd(half, hn::Tanh(d, inner), half);
}

// x / (1 + exp(-x)), also called swish. Where exp(-x) would overflow, the result is nearly zero.
template <class V>
HWY_INLINE V Silu(V x) {
  const hn::DFromV<V> d;
  const V power = hn::Exp(d, hn::Min(hn::Neg(x), hn::Set(d, 88.0F)));
  return hn::Div(x, hn::Add(hn::Set(d, 1.0F), power));
}

}  // namespace HWY_NAMESPACE
}  // namespace normscope
HWY_AFTER_NAMESPACE();

#endif

#include "encoder/cpu/kernels.h"

// One body per instruction set that normscope offers; the rest of Highway's targets stay out.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "encoder/cpu/kernels.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3

#include "encoder/cpu/attention-inl.h"
#include "encoder/cpu/bf16_gemm-inl.h"
#include "encoder/cpu/disentangled_attention-inl.h"
#include "encoder/cpu/gemm-inl.h"
#include "encoder/cpu/layer_norm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normscope {
namespace HWY_NAMESPACE {

extern const Kernels kKernels;
const Kernels kKernels = {
    .panel_width = kPanel,
    .packed_size = PackedSize,
    .pack = Pack,
    .linear = Linear,
    .add_layer_norm = AddLayerNorm,
    .rotate = Rotate,
    .attention = Attention,
    .attention_scratch = AttentionScratch,
    .attend_states = AttendStates,
    .attend_states_scratch = AttendStatesScratch,
    .disentangled_attention = DisentangledAttention,
    .disentangled_attention_scratch = DisentangledAttentionScratch,
};

#if HWY_TARGET == HWY_AVX3
extern const Kernels kBf16Kernels;
const Kernels kBf16Kernels = {
    .panel_width = kPanel,
    .packed_size = bf16::PackedSize,
    .pack = bf16::Pack,
    .linear = bf16::Linear,
    .add_layer_norm = AddLayerNorm,
    .rotate = Rotate,
    .attention = Attention,
    .attention_scratch = AttentionScratch,
    .attend_states = AttendStates,
    .attend_states_scratch = AttendStatesScratch,
    .disentangled_attention = DisentangledAttention,
    .disentangled_attention_scratch = DisentangledAttentionScratch,
};
#endif

}  // namespace HWY_NAMESPACE
}  // namespace normscope
HWY_AFTER_NAMESPACE();

#endif

#if HWY_ONCE
namespace normscope {

std::string_view name(Isa isa) { return isa == Isa::avx2 ? "avx2" : "avx512"; }

// What Highway compiles its AVX2 and AVX3 targets for.
std::vector<Isa> available_isas() {
  std::vector<Isa> isas;
  if (__builtin_cpu_supports("avx2") == 0 || __builtin_cpu_supports("fma") == 0 ||
      __builtin_cpu_supports("bmi2") == 0) {
    return isas;
  }
  isas.push_back(Isa::avx2);
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512cd") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0) {
    isas.push_back(Isa::avx512);
  }
  return isas;
}

const Kernels* kernels_for(Isa isa, Precision precision) {
  if (precision == Precision::bf16) {
    const bool has = isa == Isa::avx512 && __builtin_cpu_supports("avx512bf16") != 0;
    return has ? &N_AVX3::kBf16Kernels : nullptr;
  }
  return isa == Isa::avx2 ? &N_AVX2::kKernels : &N_AVX3::kKernels;
}

}  // namespace normscope
#endif

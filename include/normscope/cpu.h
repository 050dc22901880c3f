// The CPU as the device that an encoder runs on.
//
//     const std::vector<normscope::Isa> isas = normscope::available_isas();
//     if (isas.empty()) return "this CPU has no AVX2";
//     const normscope::EncoderOptions options{.cpu = {.isa = isas.front()}};
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "normscope/export.h"

namespace normscope {

/// The instruction sets that the encoder is built for, weakest first.
enum class Isa { avx2, avx512 };

/// "avx2", "avx512"
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Isa isa);

/// The instruction sets that this CPU has, weakest first; empty on a CPU without AVX2.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<Isa> available_isas();

/// Options of an encoder that runs on the CPU.
struct CpuOptions {
  /// Default: the last of available_isas().
  std::optional<Isa> isa;
};

}  // namespace normscope

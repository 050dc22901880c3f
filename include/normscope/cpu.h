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

/// Those of this CPU, weakest first; empty on a CPU without AVX2.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<Isa> available_isas();

/// What is particular to an encoder that runs on the CPU.
struct CpuOptions {
  /// The best of available_isas() where not given.
  std::optional<Isa> isa;
};

}  // namespace normscope

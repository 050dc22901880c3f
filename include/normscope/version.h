#pragma once

#include <string>
#include <vector>

#include "normscope/export.h"

namespace normscope {

/// The version of the library, e.g. "0.1.0".
[[nodiscard]] NORMSCOPE_EXPORT std::string version();

/// Compiler, build type and library versions, a line each.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<std::string> build_info();

/// What this CPU offers of what matters to the encoder, e.g. {"avx2", "avx512f", "avx512_bf16"}.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<std::string> cpu_features();

/// The CPU's own name, e.g. "AMD EPYC 9B45"; empty where it tells none.
[[nodiscard]] NORMSCOPE_EXPORT std::string cpu_name();

}  // namespace normscope

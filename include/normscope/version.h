#pragma once

#include <string>
#include <vector>

namespace normscope {

/// The version of the library, e.g. "0.1.0".
[[nodiscard]] std::string version();

/// Compiler, build type and library versions, a line each.
[[nodiscard]] std::vector<std::string> build_info();

/// What this CPU offers of what matters to the encoder, e.g. {"avx2", "avx512f", "avx512_bf16"}.
[[nodiscard]] std::vector<std::string> cpu_features();

/// The CPU's own name, e.g. "AMD EPYC 9B45"; empty where it tells none.
[[nodiscard]] std::string cpu_name();

}  // namespace normscope

// What this library is: its version, what it was built with, and what it found in this machine.
//
//     std::cout << "normscope " << normscope::version() << '\n';
//     for (const std::string& line : normscope::build_info()) std::cout << line << '\n';
#pragma once

#include <string>
#include <vector>

#include "normscope/export.h"

namespace normscope {

/// The version of the library, e.g. "0.1.0".
[[nodiscard]] NORMSCOPE_EXPORT std::string version();

/// Compiler and build type, library versions, and which of the optional parts (hub, report) are
/// included; three or more lines.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<std::string> build_info();

/// The features of this CPU that matter to the encoder, e.g. {"avx2", "avx512f", "avx512_bf16"}.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<std::string> cpu_features();

/// The CPU's own name, e.g. "AMD EPYC 9B45"; empty if it has none.
[[nodiscard]] NORMSCOPE_EXPORT std::string cpu_name();

}  // namespace normscope

#pragma once

#include "normscope/encoder.h"

namespace normscope::bench {

/// What this CPU's multiply-add instructions reach with operands in registers, `threads` at once:
/// operations a second (a multiply-add is two), the best of a few tries. bf16 means vdpbf16ps.
/// The CPU must have the instructions.
double measure_peak(Isa isa, Precision precision, unsigned threads);

/// Whether this CPU has AVX512_BF16.
bool has_bf16();

}  // namespace normscope::bench

#pragma once

#include <cstddef>

#include "encoder/backend.h"
#include "normscope/encoder.h"

namespace normscope {

/// Whether the readout sees nothing but a sentence's first token.
[[nodiscard]] bool reads_first_token(Readout readout);

/// Vectors that the readout takes from a batch.
[[nodiscard]] std::size_t rows_of(Readout readout, const PackedBatch& batch);

/// Writes them, [rows_of(readout, batch), hidden_size]; Readout::pooler's before the pooler.
void read_out(Readout readout, const PackedBatch& batch, const HiddenState& state,
              std::size_t hidden_size, float* out);

}  // namespace normscope

#pragma once

#include <cstddef>

#include "encoder/backend.h"
#include "normscope/encoder.h"
#include "normscope/own_readout.h"

namespace normscope {

/// Whether the readout uses only a sentence's first token; not for Readout::model.
[[nodiscard]] bool reads_first_token(Readout readout);

/// Vectors that the readout takes from a batch.
[[nodiscard]] std::size_t rows_of(Readout readout, const PackedBatch& batch);

/// Writes them, [rows_of(readout, batch), hidden_size]; Readout::pooler's before the pooler. Not
/// for Readout::model.
void read_out(Readout readout, const PackedBatch& batch, const HiddenState& state,
              std::size_t hidden_size, float* out);

/// The vectors of a sentence's tokens, `stride` floats apart.
struct TokenVectors {
  const float* data = nullptr;
  std::size_t stride = 0;
  std::size_t tokens = 0;
  std::size_t width = 0;
};

/// Makes one vector from those from `first` on, of which there is at least one.
void pool(Pooling pooling, const TokenVectors& vectors, std::size_t first, float* out);

}  // namespace normscope

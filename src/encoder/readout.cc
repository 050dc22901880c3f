#include "encoder/readout.h"

#include <fmt/format.h>

#include <algorithm>

namespace normscope {

std::string_view name(Readout readout) {
  switch (readout) {
    case Readout::cls:
      return "cls";
    case Readout::tokens:
      return "tokens";
    case Readout::mean:
      return "mean";
    case Readout::max:
      return "max";
    case Readout::pooler:
      return "pooler";
  }
  return "";
}

std::string name(const ReadoutPoint& point) {
  return fmt::format("layer{}.{}", point.layer, name(point.readout));
}

bool reads_first_token(Readout readout) {
  return readout == Readout::cls || readout == Readout::pooler;
}

std::size_t rows_of(Readout readout, const PackedBatch& batch) {
  return readout == Readout::tokens ? batch.tokens() : batch.sentences();
}

void read_out(Readout readout, const PackedBatch& batch, const HiddenState& state,
              std::size_t hidden_size, float* out) {
  const auto row = [&](std::size_t token) { return state.data + token * state.stride; };
  if (readout == Readout::tokens) {
    for (std::size_t t = 0; t < batch.tokens(); ++t) {
      std::copy_n(row(t), hidden_size, out + t * hidden_size);
    }
    return;
  }
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    float* const vector = out + s * hidden_size;
    const std::size_t first = batch.offsets[s];
    const std::size_t end = batch.offsets[s + 1];
    std::copy_n(row(state.first_only ? s : first), hidden_size, vector);
    if (reads_first_token(readout)) continue;
    for (std::size_t t = first + 1; t < end; ++t) {
      const float* const token = row(t);
      if (readout == Readout::max) {
        for (std::size_t i = 0; i < hidden_size; ++i) vector[i] = std::max(vector[i], token[i]);
      } else {
        for (std::size_t i = 0; i < hidden_size; ++i) vector[i] += token[i];
      }
    }
    if (readout == Readout::mean) {
      const auto count = static_cast<float>(end - first);
      for (std::size_t i = 0; i < hidden_size; ++i) vector[i] /= count;
    }
  }
}

}  // namespace normscope

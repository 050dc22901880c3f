#include "encoder/readout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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
    case Readout::model:
      return "model";
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

void pool(Pooling pooling, const TokenVectors& vectors, std::size_t first, float* out) {
  const auto row = [&](std::size_t token) { return vectors.data + token * vectors.stride; };
  const std::size_t width = vectors.width;
  const std::size_t end = vectors.tokens;
  // What is divided by.
  auto count = static_cast<float>(end - first);
  switch (pooling) {
    case Pooling::cls:
      std::copy_n(row(first), width, out);
      return;
    case Pooling::lasttoken:
      std::copy_n(row(end - 1), width, out);
      return;
    case Pooling::max:
      std::copy_n(row(first), width, out);
      for (std::size_t t = first + 1; t < end; ++t) {
        const float* const token = row(t);
        for (std::size_t i = 0; i < width; ++i) out[i] = std::max(out[i], token[i]);
      }
      return;
    case Pooling::weightedmean:
      // A token's weight is its place in the whole sentence.
      count = 0;
      std::fill_n(out, width, 0.0F);
      for (std::size_t t = first; t < end; ++t) {
        const auto weight = static_cast<float>(t + 1);
        const float* const token = row(t);
        for (std::size_t i = 0; i < width; ++i) out[i] += weight * token[i];
        count += weight;
      }
      break;
    case Pooling::mean:
    case Pooling::mean_sqrt_len_tokens:
      std::copy_n(row(first), width, out);
      for (std::size_t t = first + 1; t < end; ++t) {
        const float* const token = row(t);
        for (std::size_t i = 0; i < width; ++i) out[i] += token[i];
      }
      if (pooling == Pooling::mean_sqrt_len_tokens) count = std::sqrt(count);
      break;
  }
  for (std::size_t i = 0; i < width; ++i) out[i] /= count;
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
  const Pooling pooling = readout == Readout::mean  ? Pooling::mean
                          : readout == Readout::max ? Pooling::max
                                                    : Pooling::cls;
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    const std::size_t first = batch.offsets[s];
    pool(pooling,
         {.data = row(state.first_only ? s : first),
          .stride = state.stride,
          .tokens = batch.offsets[s + 1] - first,
          .width = hidden_size},
         0, out + s * hidden_size);
  }
}

}  // namespace normscope

#include "encoder/cpu/convolution.h"

#include <algorithm>
#include <vector>

namespace normscope {
namespace {

// Rows of neighbouring tokens that are held at a time; they stay in the cache.
constexpr std::size_t kRows = 128;

// The stored weight [hidden, hidden, width] as [hidden, width · hidden].
Linear side_by_side(const Kernels& kernels, WeightStorage& storage, const Model& model) {
  const Weight& stored = model.weights.at(Role::convolution);
  const std::size_t hidden = model.spec.hidden_size;
  const std::size_t width = model.spec.convolution_width;
  std::vector<float> weight(hidden * width * hidden);
  std::vector<float> row(hidden * width);
  for (std::size_t o = 0; o < hidden; ++o) {
    stored.weight.read(o * row.size(), row);
    for (std::size_t i = 0; i < hidden; ++i) {
      for (std::size_t at = 0; at < width; ++at) {
        weight[(o * width + at) * hidden + i] = row[i * width + at];
      }
    }
  }
  std::vector<float> bias(hidden);
  stored.bias.read(0, bias);
  return {kernels, storage, weight.data(), width * hidden, width * hidden, hidden, bias};
}

}  // namespace

Convolution::Convolution(const Kernels& kernels, WeightStorage& storage, const Model& model)
    : hidden_(model.spec.hidden_size),
      width_(model.spec.convolution_width),
      activation_(epilogue_of(model.spec.convolution_activation)),
      map_(side_by_side(kernels, storage, model)),
      norm_(model.weights.at(Role::convolution_norm), model.spec.layer_norm_epsilon) {}

void Convolution::apply(const Kernels& kernels, Team& team, const PackedBatch& batch,
                        ConstRows states, bool first_only, AlignedBuffer& memory, Rows y) const {
  const std::size_t stride = row_stride(width_ * hidden_);
  const std::size_t half = width_ / 2;
  const Rows read{memory.reserve(kRows * stride), stride};
  std::size_t done = 0;
  std::size_t filled = 0;
  const auto flush = [&] {
    map_.apply(kernels, team, read, filled, activation_, {y.data + done * y.stride, y.stride});
    done += filled;
    filled = 0;
  };
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    const std::size_t first = batch.offsets[s];
    const std::size_t end = batch.offsets[s + 1];
    for (std::size_t token = first; token < (first_only ? first + 1 : end); ++token) {
      float* const row = read.data + filled * stride;
      for (std::size_t at = 0; at < width_; ++at) {
        // The token `half - at` places before this one.
        const bool inside = token + at >= first + half && token + at < end + half;
        if (inside) {
          std::copy_n(states.data + (token + at - half) * states.stride, hidden_,
                      row + at * hidden_);
        } else {
          std::fill_n(row + at * hidden_, hidden_, 0.0F);
        }
      }
      if (++filled == kRows) flush();
    }
  }
  if (filled > 0) flush();
}

}  // namespace normscope

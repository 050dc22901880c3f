#include "encoder/sentence_vectors.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <variant>

#include "encoder/readout.h"

namespace normscope {
namespace {

// PyTorch's.
constexpr double kLayerNormEpsilon = 1e-5;
constexpr double kLeastNorm = 1e-12;

double activated(DenseActivation activation, double x) {
  switch (activation) {
    case DenseActivation::identity:
      break;
    case DenseActivation::tanh:
      return std::tanh(x);
    case DenseActivation::relu:
      return std::max(x, 0.0);
    case DenseActivation::gelu:
      return x * std::erfc(-x / std::numbers::sqrt2) / 2;
    case DenseActivation::sigmoid:
      return 1 / (1 + std::exp(-x));
  }
  return x;
}

void normalize(const LayerNormLayer& norm, std::vector<float>& vector) {
  const auto size = static_cast<double>(vector.size());
  double mean = 0;
  for (const float x : vector) mean += x;
  mean /= size;
  double variance = 0;
  for (const float x : vector) variance += (x - mean) * (x - mean);
  const double deviation = std::sqrt(variance / size + kLayerNormEpsilon);
  for (std::size_t i = 0; i < vector.size(); ++i) {
    vector[i] = static_cast<float>((vector[i] - mean) / deviation * norm.scale[i] + norm.shift[i]);
  }
}

void normalize(std::vector<float>& vector) {
  double square = 0;
  for (const float x : vector) square += static_cast<double>(x) * x;
  const double norm = std::max(std::sqrt(square), kLeastNorm);
  for (float& x : vector) x = static_cast<float>(x / norm);
}

std::vector<float> transposed(const DenseLayer& dense) {
  std::vector<float> weight(dense.weight.size());
  for (std::size_t o = 0; o < dense.outputs; ++o) {
    for (std::size_t i = 0; i < dense.inputs; ++i) {
      weight[i * dense.outputs + o] = dense.weight[o * dense.inputs + i];
    }
  }
  return weight;
}

// Few vectors go through it, one per sentence, so that the sums can afford to be exact.
void multiply(const DenseLayer& dense, std::span<const float> transposed,
              std::vector<float>& vector) {
  std::vector<double> sums(dense.outputs);
  std::ranges::copy(dense.bias, sums.begin());
  for (std::size_t i = 0; i < dense.inputs; ++i) {
    const double x = vector[i];
    const float* const row = transposed.data() + i * dense.outputs;
    for (std::size_t o = 0; o < dense.outputs; ++o) sums[o] += x * row[o];
  }
  vector.resize(dense.outputs);
  for (std::size_t o = 0; o < dense.outputs; ++o) {
    vector[o] = static_cast<float>(activated(dense.activation, sums[o]));
  }
}

}  // namespace

SentenceVectors::SentenceVectors(const OwnReadout& readout, std::size_t hidden_size)
    : poolings_(readout.poolings),
      includes_prompt_(readout.includes_prompt),
      hidden_size_(hidden_size),
      width_(readout.width) {
  for (const ReadoutLayer& layer : readout.layers) {
    const auto* const dense = std::get_if<DenseLayer>(&layer);
    layers_.push_back({.layer = layer,
                       .transposed = dense == nullptr ? std::vector<float>() : transposed(*dense)});
  }
}

bool SentenceVectors::reads_first_token() const {
  const auto reads_first = [](Pooling pooling) { return pooling == Pooling::cls; };
  return includes_prompt_ && std::ranges::all_of(poolings_, reads_first);
}

void SentenceVectors::read_out(const PackedBatch& batch, const HiddenState& state,
                               float* out) const {
  std::vector<float> vector;
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    const std::size_t begin = batch.offsets[s];
    const TokenVectors tokens{.data = state.data + (state.first_only ? s : begin) * state.stride,
                              .stride = state.stride,
                              .tokens = batch.offsets[s + 1] - begin,
                              .width = hidden_size_};
    // At least one token remains, even if the sentence is all prompt.
    const std::size_t first = includes_prompt_ ? 0 : std::min(batch.prompt_ids, tokens.tokens - 1);
    vector.resize(poolings_.size() * hidden_size_);
    for (std::size_t i = 0; i < poolings_.size(); ++i) {
      pool(poolings_[i], tokens, first, vector.data() + i * hidden_size_);
    }
    for (const auto& [layer, transposed] : layers_) {
      if (const auto* const dense = std::get_if<DenseLayer>(&layer)) {
        multiply(*dense, transposed, vector);
      } else if (const auto* const norm = std::get_if<LayerNormLayer>(&layer)) {
        normalize(*norm, vector);
      } else {
        normalize(vector);
      }
    }
    std::ranges::copy(vector, out + s * width_);
  }
}

}  // namespace normscope

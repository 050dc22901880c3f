#include "encoder/layers.h"

#include <algorithm>
#include <array>

namespace normscope {
namespace {

std::vector<float> values_of(const TensorView& tensor) {
  std::vector<float> values(tensor.size());
  tensor.read(0, values);
  return values;
}

FullAttention full_attention(const Kernels& kernels, WeightStorage& storage,
                             const LayerWeights& weights) {
  const std::array<const LinearWeights*, 3> maps{&weights.query, &weights.key, &weights.value};
  return {Linear(kernels, storage, maps)};
}

FirstTokenAttention first_token_attention(const Kernels& kernels, WeightStorage& storage,
                                          const ModelConfig& config, const LayerWeights& weights) {
  const std::size_t hidden = config.hidden_size;
  const std::size_t head_size = hidden / config.heads;
  const std::vector<float> key = values_of(weights.key.weight);
  std::vector<float> transposed(hidden * hidden);
  for (std::size_t o = 0; o < hidden; ++o) {
    for (std::size_t i = 0; i < hidden; ++i) transposed[i * hidden + o] = key[o * hidden + i];
  }
  const std::vector<float> value = values_of(weights.value.weight);
  const std::vector<float> value_bias = values_of(weights.value.bias);
  const std::array<const LinearWeights*, 1> query{&weights.query};
  FirstTokenAttention attention{.query = Linear(kernels, storage, query), .keys = {}, .values = {}};
  attention.keys.reserve(config.heads);
  attention.values.reserve(config.heads);
  for (std::size_t first = 0; first < hidden; first += head_size) {
    attention.keys.emplace_back(kernels, storage, transposed.data() + first, hidden, head_size,
                                hidden, std::span<const float>());
    attention.values.emplace_back(kernels, storage, value.data() + first * hidden, hidden, hidden,
                                  head_size, std::span(value_bias).subspan(first, head_size));
  }
  return attention;
}

Linear linear(const Kernels& kernels, WeightStorage& storage, const LinearWeights& weights) {
  const std::array<const LinearWeights*, 1> maps{&weights};
  return {kernels, storage, maps};
}

}  // namespace

Linear::Linear(const Kernels& kernels, WeightStorage& storage,
               std::span<const LinearWeights* const> maps) {
  const std::size_t in = maps.front()->weight.shape[1];
  std::size_t out = 0;
  for (const LinearWeights* map : maps) {
    out += map->weight.shape[0];
    const std::vector<float> bias = values_of(map->bias);
    bias_.insert(bias_.end(), bias.begin(), bias.end());
  }
  float* panel = storage.take(kernels.packed_size(in, out));
  weight_ = {.data = panel, .in = in, .out = out};
  // A panel's rows at a time, so that no second copy of the weights comes into being.
  std::vector<float> rows(kernels.panel_width * in);
  std::size_t filled = 0;
  for (const LinearWeights* map : maps) {
    const std::size_t map_rows = map->weight.shape[0];
    for (std::size_t row = 0; row < map_rows;) {
      const std::size_t count = std::min(kernels.panel_width - filled, map_rows - row);
      map->weight.read(row * in, std::span(rows).subspan(filled * in, count * in));
      row += count;
      filled += count;
      const bool end = map == maps.back() && row == map_rows;
      if (filled == kernels.panel_width || end) {
        kernels.pack(rows.data(), in, in, filled, panel);
        panel += kernels.packed_size(in, filled);
        filled = 0;
      }
    }
  }
}

Linear::Linear(const Kernels& kernels, WeightStorage& storage, const float* weight,
               std::size_t stride, std::size_t in, std::size_t out, std::span<const float> bias)
    : bias_(bias.begin(), bias.end()) {
  float* panels = storage.take(kernels.packed_size(in, out));
  kernels.pack(weight, stride, in, out, panels);
  weight_ = {.data = panels, .in = in, .out = out};
}

void Linear::apply(const Kernels& kernels, ConstRows x, std::size_t rows, Epilogue epilogue,
                   Rows y) const {
  kernels.linear(x, rows, weight_, bias_.empty() ? nullptr : bias_.data(), epilogue, y);
}

void Linear::apply(const Kernels& kernels, Team& team, ConstRows x, std::size_t rows,
                   Epilogue epilogue, Rows y) const {
  const std::size_t panels = (weight_.out + kernels.panel_width - 1) / kernels.panel_width;
  team.split(panels, [&](std::size_t first, std::size_t end, unsigned) {
    const std::size_t column = first * kernels.panel_width;
    const PackedMatrix part{.data = weight_.data + kernels.packed_size(weight_.in, column),
                            .in = weight_.in,
                            .out = std::min(end * kernels.panel_width, weight_.out) - column};
    kernels.linear(x, rows, part, bias_.empty() ? nullptr : bias_.data() + column, epilogue,
                   {y.data + column, y.stride});
  });
}

LayerNorm::LayerNorm(const LayerNormWeights& weights, float epsilon)
    : weight_(values_of(weights.weight)), bias_(values_of(weights.bias)), epsilon_(epsilon) {}

void LayerNorm::apply(const Kernels& kernels, ConstRows x, Rows residual, std::size_t rows,
                      Rows y) const {
  kernels.add_layer_norm(x, residual.data, residual.stride, rows, weight_.size(), weight_.data(),
                         bias_.data(), epsilon_, y);
}

Embeddings::Embeddings(const Model& model)
    : words_(model.weights.word_embeddings),
      token_type_(model.config.hidden_size),
      positions_(values_of(model.weights.position_embeddings)),
      norm_(model.weights.embedding_norm, model.config.layer_norm_epsilon),
      mappings_(model.mappings) {
  model.weights.token_type_embeddings.read(0, token_type_);
}

void Embeddings::write(TokenId id, std::size_t position, std::span<float> row) const {
  words_.read(static_cast<std::size_t>(id) * row.size(), row);
  const float* at = positions_.data() + position * row.size();
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = (row[i] + token_type_[i]) + at[i];
}

Layer::Layer(const Kernels& kernels, WeightStorage& storage, const ModelConfig& config,
             const LayerWeights& weights, bool first_token_only)
    : attention(first_token_only ? std::variant<FullAttention, FirstTokenAttention>(
                                       first_token_attention(kernels, storage, config, weights))
                                 : full_attention(kernels, storage, weights)),
      attention_output(linear(kernels, storage, weights.attention_output)),
      attention_norm(weights.attention_norm, config.layer_norm_epsilon),
      intermediate(linear(kernels, storage, weights.intermediate)),
      output(linear(kernels, storage, weights.output)),
      output_norm(weights.output_norm, config.layer_norm_epsilon) {
  // Each weight has its packed copy now, and one in memory is enough.
  for (const LinearWeights* map :
       {&weights.query, &weights.key, &weights.value, &weights.attention_output,
        &weights.intermediate, &weights.output}) {
    map->weight.release();
  }
}

Epilogue epilogue_of(Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return Epilogue::gelu;
    case Activation::gelu_new:
      return Epilogue::gelu_new;
    case Activation::relu:
      return Epilogue::relu;
  }
  return Epilogue::none;
}

}  // namespace normscope

#include "encoder/cpu/blocks.h"

#include <algorithm>
#include <array>

#include "model/roles.h"

namespace normscope {
namespace {

// Empty if there is no tensor.
std::vector<float> values_of(const TensorView& tensor) {
  if (tensor.data == nullptr) return {};
  std::vector<float> values(tensor.size());
  tensor.read(0, values);
  return values;
}

FullAttention full_attention(const Kernels& kernels, WeightStorage& storage,
                             const ModelWeights& weights, std::size_t layer) {
  const std::array<const Weight*, 3> maps{&weights.at(Role::query, layer),
                                          &weights.at(Role::key, layer),
                                          &weights.at(Role::value, layer)};
  return {Linear(kernels, storage, maps)};
}

Linear linear(const Kernels& kernels, WeightStorage& storage, const Weight& weight) {
  const std::array<const Weight*, 1> maps{&weight};
  return {kernels, storage, maps};
}

// By head, the transposed key weight.
std::vector<Linear> transposed_keys(const Kernels& kernels, WeightStorage& storage,
                                    const Model& model, std::size_t layer) {
  const std::size_t hidden = model.spec.hidden_size;
  const std::size_t head_size = hidden / model.spec.heads;
  const std::vector<float> key = values_of(model.weights.at(Role::key, layer).weight);
  std::vector<float> transposed(hidden * hidden);
  for (std::size_t o = 0; o < hidden; ++o) {
    for (std::size_t i = 0; i < hidden; ++i) transposed[i * hidden + o] = key[o * hidden + i];
  }
  std::vector<Linear> keys;
  keys.reserve(model.spec.heads);
  for (std::size_t first = 0; first < hidden; first += head_size) {
    keys.emplace_back(kernels, storage, transposed.data() + first, hidden, head_size, hidden,
                      std::span<const float>());
  }
  return keys;
}

FirstTokenAttention first_token_attention(const Kernels& kernels, WeightStorage& storage,
                                          const Model& model, std::size_t layer) {
  const std::size_t hidden = model.spec.hidden_size;
  const std::size_t head_size = hidden / model.spec.heads;
  FirstTokenAttention attention{
      .query = linear(kernels, storage, model.weights.at(Role::query, layer)),
      .key = std::nullopt,
      .keys = {},
      .values = {}};
  if (model.spec.rotary_base > 0) {
    attention.key = linear(kernels, storage, model.weights.at(Role::key, layer));
  } else {
    attention.keys = transposed_keys(kernels, storage, model, layer);
  }
  const Weight& values = model.weights.at(Role::value, layer);
  const std::vector<float> value = values_of(values.weight);
  const std::vector<float> value_bias = values_of(values.bias);
  attention.values.reserve(model.spec.heads);
  for (std::size_t first = 0; first < hidden; first += head_size) {
    std::span<const float> bias = value_bias;
    if (!bias.empty()) bias = bias.subspan(first, head_size);
    attention.values.emplace_back(kernels, storage, value.data() + first * hidden, hidden, hidden,
                                  head_size, bias);
  }
  return attention;
}

std::optional<LayerNorm> attention_norm_of(const Model& model, std::size_t layer) {
  if (!has_weight({Role::attention_norm, layer}, model.spec)) return std::nullopt;
  return LayerNorm(model.weights.at(Role::attention_norm, layer), model.spec.layer_norm_epsilon);
}

}  // namespace

Linear::Linear(const Kernels& kernels, WeightStorage& storage,
               std::span<const Weight* const> maps) {
  const std::size_t in = maps.front()->weight.shape[1];
  std::size_t out = 0;
  for (const Weight* map : maps) {
    out += map->weight.shape[0];
    const std::vector<float> bias = values_of(map->bias);
    bias_.insert(bias_.end(), bias.begin(), bias.end());
  }
  float* panel = storage.take(kernels.packed_size(in, out));
  weight_ = {.data = panel, .in = in, .out = out};
  // One panel's rows at a time, so that there is never a second copy of all weights.
  std::vector<float> rows(kernels.panel_width * in);
  std::size_t filled = 0;
  for (const Weight* map : maps) {
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

LayerNorm::LayerNorm(const Weight& weights, float epsilon)
    : weight_(values_of(weights.weight)), bias_(values_of(weights.bias)), epsilon_(epsilon) {
  bias_.resize(weight_.size());  // zeros if there is none
}

void LayerNorm::apply(const Kernels& kernels, ConstRows x, Rows residual, std::size_t rows,
                      Rows y) const {
  kernels.add_layer_norm(x, residual.data, residual.stride, rows, weight_.size(), weight_.data(),
                         bias_.data(), epsilon_, y);
}

Embeddings::Embeddings(const Kernels& kernels, WeightStorage& storage, const Model& model)
    : width_(embedding_width(model.spec)),
      words_(model.weights.at(Role::word_embeddings).weight),
      token_type_(width_),
      first_position_(model.spec.first_position),
      padding_id_(model.spec.padding_id),
      norm_(model.weights.at(Role::embedding_norm), model.spec.layer_norm_epsilon),
      mappings_(model.mappings) {
  if (has_weight({Role::position_embeddings}, model.spec)) {
    positions_ = values_of(model.weights.at(Role::position_embeddings).weight);
  }
  if (model.spec.token_types > 0) {
    model.weights.at(Role::token_type_embeddings).weight.read(0, token_type_);
  }
  if (model.spec.embedding_size > 0) {
    projection_ = linear(kernels, storage, model.weights.at(Role::embedding_projection));
  }
}

void Embeddings::write(std::span<const TokenId> ids, Rows rows) const {
  std::size_t position = first_position_;
  for (std::size_t t = 0; t < ids.size(); ++t) {
    const bool padding = padding_id_ && static_cast<std::size_t>(ids[t]) == *padding_id_;
    write(ids[t], padding ? *padding_id_ : position, {rows.data + t * rows.stride, width_});
    if (!padding) ++position;
  }
}

void Embeddings::write(TokenId id, std::size_t position, std::span<float> row) const {
  words_.read(static_cast<std::size_t>(id) * row.size(), row);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] += token_type_[i];
  if (positions_.empty()) return;
  const float* at = positions_.data() + position * row.size();
  for (std::size_t i = 0; i < row.size(); ++i) row[i] += at[i];
}

Layer::Layer(const Kernels& kernels, WeightStorage& storage, const Model& model, std::size_t layer,
             LayerUse use)
    : attention(use.all_tokens
                    ? std::optional(full_attention(kernels, storage, model.weights, layer))
                    : std::nullopt),
      first_attention(use.first_only
                          ? std::optional(first_token_attention(kernels, storage, model, layer))
                          : std::nullopt),
      attention_output(linear(kernels, storage, model.weights.at(Role::attention_output, layer))),
      attention_norm(attention_norm_of(model, layer)),
      intermediate(linear(kernels, storage, model.weights.at(Role::intermediate, layer))),
      output(linear(kernels, storage, model.weights.at(Role::output, layer))),
      output_norm(model.weights.at(Role::output_norm, layer), model.spec.layer_norm_epsilon) {
  if (model.spec.gated_feed_forward) {
    gate = linear(kernels, storage, model.weights.at(Role::gate, layer));
  }
  // Each matrix now has its packed copy, and one copy in memory is enough.
  for (const Weight& weight : model.weights.all()) {
    if (weight.layer == layer && kind_of(weight.role) == RoleKind::linear) weight.weight.release();
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
    case Activation::silu:
      return Epilogue::silu;
  }
  return Epilogue::none;
}

}  // namespace normscope

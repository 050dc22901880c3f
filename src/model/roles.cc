#include "model/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace normscope {
namespace {

constexpr std::array kBeforeTheLayers{Role::word_embeddings,       Role::position_embeddings,
                                      Role::token_type_embeddings, Role::embedding_norm,
                                      Role::embedding_projection,  Role::relative_bias,
                                      Role::relative_positions,    Role::relative_position_norm,
                                      Role::convolution,           Role::convolution_norm};
constexpr std::array kOfALayer{Role::query,          Role::key,          Role::value,
                               Role::position_query, Role::position_key, Role::attention_output,
                               Role::attention_norm, Role::intermediate, Role::gate,
                               Role::output,         Role::output_norm};
constexpr std::array kAfterTheLayers{Role::final_norm, Role::pooler};

}  // namespace

std::size_t stored_layers(const EncoderSpec& spec) {
  return spec.layer_groups > 0 ? spec.layer_groups : spec.layers;
}

std::size_t stored_layer(std::size_t layer, const EncoderSpec& spec) {
  return layer / (spec.layers / stored_layers(spec));
}

bool is_local(std::size_t layer, const EncoderSpec& spec) {
  return std::ranges::find(spec.local_layers, layer) != spec.local_layers.end();
}

RoleKind kind_of(Role role) {
  switch (role) {
    case Role::word_embeddings:
    case Role::position_embeddings:
    case Role::token_type_embeddings:
    case Role::relative_bias:
    case Role::relative_positions:
      return RoleKind::table;
    case Role::embedding_norm:
    case Role::relative_position_norm:
    case Role::convolution_norm:
    case Role::attention_norm:
    case Role::output_norm:
    case Role::final_norm:
      return RoleKind::layer_norm;
    case Role::embedding_projection:
    case Role::convolution:
    case Role::query:
    case Role::key:
    case Role::value:
    case Role::position_query:
    case Role::position_key:
    case Role::attention_output:
    case Role::intermediate:
    case Role::gate:
    case Role::output:
    case Role::pooler:
      break;
  }
  return RoleKind::linear;
}

bool has_weight(const Slot& slot, const EncoderSpec& spec) {
  const RelativePositions positions = spec.relative_positions.value_or(RelativePositions{});
  switch (slot.role) {
    case Role::position_embeddings:
      return spec.absolute_positions;
    case Role::token_type_embeddings:
      return spec.token_types > 0;
    case Role::embedding_projection:
      return spec.embedding_size > 0;
    case Role::relative_bias:
      return spec.relative_buckets > 0;
    case Role::attention_norm:
      return slot.layer > 0 || spec.first_attention_norm || spec.norms == NormPlace::after;
    case Role::relative_positions:
      return spec.relative_positions.has_value();
    case Role::relative_position_norm:
      return positions.norm;
    case Role::convolution:
    case Role::convolution_norm:
      return spec.convolution_width > 0;
    case Role::position_query:
      return positions.own_maps && positions.position_to_content;
    case Role::position_key:
      return positions.own_maps && positions.content_to_position;
    case Role::gate:
      return spec.gated_feed_forward;
    case Role::final_norm:
      return spec.norms == NormPlace::before;
    case Role::pooler:
      return spec.pooler;
    default:
      return true;
  }
}

bool has_bias(Role role, const EncoderSpec& spec) {
  switch (role) {
    case Role::word_embeddings:
    case Role::position_embeddings:
    case Role::token_type_embeddings:
    case Role::relative_bias:
    case Role::relative_positions:
      return false;
    case Role::embedding_projection:
      return !spec.projection_first;
    case Role::embedding_norm:
    case Role::relative_position_norm:
    case Role::convolution_norm:
    case Role::attention_norm:
    case Role::output_norm:
    case Role::final_norm:
      return spec.norm_biases;
    case Role::query:
    case Role::key:
    case Role::value:
    case Role::position_query:
    case Role::position_key:
    case Role::attention_output:
      return spec.attention_biases;
    case Role::intermediate:
    case Role::gate:
      return spec.intermediate_biases;
    case Role::output:
      return spec.output_biases;
    case Role::convolution:
    case Role::pooler:
      break;
  }
  return true;
}

std::size_t relative_span(const RelativePositions& positions) {
  return positions.buckets > 0 ? positions.buckets : positions.limit;
}

std::size_t embedding_width(const EncoderSpec& spec) {
  return spec.embedding_size > 0 ? spec.embedding_size : spec.hidden_size;
}

std::optional<Slot> norm_before(std::size_t layer, const EncoderSpec& spec) {
  if (layer == 0) {
    if (spec.embedding_size > 0 && !spec.projection_first) return std::nullopt;
    return Slot{Role::embedding_norm};
  }
  if (layer == 1 && spec.convolution_width > 0) return Slot{Role::convolution_norm};
  if (spec.norms == NormPlace::after) {
    return Slot{Role::output_norm, stored_layer(layer - 1, spec)};
  }
  if (layer == spec.layers) return Slot{Role::final_norm};
  return std::nullopt;
}

std::vector<Slot> slots_of(const EncoderSpec& spec) {
  std::vector<Slot> slots;
  const auto add = [&](std::span<const Role> roles, std::size_t layer) {
    for (const Role role : roles) {
      if (const Slot slot{role, layer}; has_weight(slot, spec)) slots.push_back(slot);
    }
  };
  add(kBeforeTheLayers, 0);
  for (std::size_t layer = 0; layer < stored_layers(spec); ++layer) add(kOfALayer, layer);
  add(kAfterTheLayers, 0);
  return slots;
}

std::vector<std::size_t> shape_of(Role role, const EncoderSpec& spec) {
  const std::size_t hidden = spec.hidden_size;
  const std::size_t embedding = embedding_width(spec);
  switch (role) {
    case Role::word_embeddings:
      return {spec.vocabulary_size, embedding};
    case Role::position_embeddings:
      return {spec.first_position + spec.max_positions, embedding};
    case Role::token_type_embeddings:
      return {spec.token_types, embedding};
    case Role::embedding_norm:
      return {spec.projection_first ? hidden : embedding};
    case Role::embedding_projection:
      return {hidden, embedding};
    case Role::relative_bias:
      return {spec.relative_buckets, spec.heads};
    case Role::relative_positions:
      return {2 * relative_span(*spec.relative_positions), hidden};
    case Role::convolution:
      return {hidden, hidden, spec.convolution_width};
    case Role::relative_position_norm:
    case Role::convolution_norm:
    case Role::attention_norm:
    case Role::output_norm:
    case Role::final_norm:
      return {hidden};
    case Role::query:
    case Role::key:
    case Role::value:
    case Role::position_query:
    case Role::position_key:
    case Role::attention_output:
    case Role::pooler:
      break;
    case Role::intermediate:
    case Role::gate:
      return {spec.intermediate_size, hidden};
    case Role::output:
      return {hidden, spec.intermediate_size};
  }
  return {hidden, hidden};
}

const Weight& ModelWeights::at(Role role, std::size_t layer) const {
  const auto found = std::ranges::find_if(
      all_, [&](const Weight& weight) { return weight.role == role && weight.layer == layer; });
  if (found == all_.end()) {
    throw std::out_of_range(
        fmt::format("no weight of role {} in layer {}", static_cast<int>(role), layer));
  }
  return *found;
}

}  // namespace normscope

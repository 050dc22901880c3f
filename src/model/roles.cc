#include "model/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace normscope {
namespace {

constexpr std::array kOfALayer{
    Role::query,        Role::key,  Role::value,  Role::attention_output, Role::attention_norm,
    Role::intermediate, Role::gate, Role::output, Role::output_norm};

}  // namespace

std::size_t stored_layers(const EncoderSpec& spec) {
  return spec.layer_groups > 0 ? spec.layer_groups : spec.layers;
}

std::size_t stored_layer(std::size_t layer, const EncoderSpec& spec) {
  return layer / (spec.layers / stored_layers(spec));
}

RoleKind kind_of(Role role) {
  switch (role) {
    case Role::word_embeddings:
    case Role::position_embeddings:
    case Role::token_type_embeddings:
    case Role::relative_bias:
      return RoleKind::table;
    case Role::embedding_norm:
    case Role::attention_norm:
    case Role::output_norm:
    case Role::final_norm:
      return RoleKind::layer_norm;
    case Role::embedding_projection:
    case Role::query:
    case Role::key:
    case Role::value:
    case Role::attention_output:
    case Role::intermediate:
    case Role::gate:
    case Role::output:
    case Role::pooler:
      break;
  }
  return RoleKind::linear;
}

bool has_bias(Role role, const EncoderSpec& spec) {
  switch (role) {
    case Role::word_embeddings:
    case Role::position_embeddings:
    case Role::token_type_embeddings:
    case Role::relative_bias:
      return false;
    case Role::embedding_norm:
    case Role::attention_norm:
    case Role::output_norm:
    case Role::final_norm:
      return spec.norm_biases;
    case Role::query:
    case Role::key:
    case Role::value:
    case Role::attention_output:
      return spec.attention_biases;
    case Role::intermediate:
    case Role::gate:
    case Role::output:
      return spec.feed_forward_biases;
    case Role::embedding_projection:
    case Role::pooler:
      break;
  }
  return true;
}

std::size_t embedding_width(const EncoderSpec& spec) {
  return spec.embedding_size > 0 ? spec.embedding_size : spec.hidden_size;
}

std::optional<Slot> norm_before(std::size_t layer, const EncoderSpec& spec) {
  if (layer == 0) {
    if (spec.embedding_size > 0) return std::nullopt;
    return Slot{Role::embedding_norm};
  }
  if (spec.norms == NormPlace::after) {
    return Slot{Role::output_norm, stored_layer(layer - 1, spec)};
  }
  if (layer == spec.layers) return Slot{Role::final_norm};
  return std::nullopt;
}

std::vector<Slot> slots_of(const EncoderSpec& spec) {
  std::vector<Slot> slots{{Role::word_embeddings}, {Role::position_embeddings}};
  if (spec.token_types > 0) slots.push_back({Role::token_type_embeddings});
  slots.push_back({Role::embedding_norm});
  if (spec.embedding_size > 0) slots.push_back({Role::embedding_projection});
  if (spec.relative_buckets > 0) slots.push_back({Role::relative_bias});
  for (std::size_t layer = 0; layer < stored_layers(spec); ++layer) {
    for (const Role role : kOfALayer) {
      if (role != Role::gate || spec.gated_feed_forward) slots.push_back({role, layer});
    }
  }
  if (spec.norms == NormPlace::before) slots.push_back({Role::final_norm});
  if (spec.pooler) slots.push_back({Role::pooler});
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
      return {embedding};
    case Role::embedding_projection:
      return {hidden, embedding};
    case Role::relative_bias:
      return {spec.relative_buckets, spec.heads};
    case Role::attention_norm:
    case Role::output_norm:
    case Role::final_norm:
      return {hidden};
    case Role::query:
    case Role::key:
    case Role::value:
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

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

RoleKind kind_of(Role role) {
  switch (role) {
    case Role::word_embeddings:
    case Role::position_embeddings:
    case Role::token_type_embeddings:
      return RoleKind::table;
    case Role::embedding_norm:
    case Role::attention_norm:
    case Role::output_norm:
    case Role::final_norm:
      return RoleKind::layer_norm;
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
    case Role::pooler:
      break;
  }
  return true;
}

std::optional<Slot> norm_before(std::size_t layer, const EncoderSpec& spec) {
  if (layer == 0) return Slot{Role::embedding_norm};
  if (spec.norms == NormPlace::after) return Slot{Role::output_norm, layer - 1};
  if (layer == spec.layers) return Slot{Role::final_norm};
  return std::nullopt;
}

std::vector<Slot> slots_of(const EncoderSpec& spec) {
  std::vector<Slot> slots{{Role::word_embeddings}, {Role::position_embeddings}};
  if (spec.token_types > 0) slots.push_back({Role::token_type_embeddings});
  slots.push_back({Role::embedding_norm});
  for (std::size_t layer = 0; layer < spec.layers; ++layer) {
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
  switch (role) {
    case Role::word_embeddings:
      return {spec.vocabulary_size, hidden};
    case Role::position_embeddings:
      return {spec.first_position + spec.max_positions, hidden};
    case Role::token_type_embeddings:
      return {spec.token_types, hidden};
    case Role::embedding_norm:
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

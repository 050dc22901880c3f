#include "model/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace normscope {
namespace {

constexpr std::array kOfALayer{
    Role::query,          Role::key,          Role::value,  Role::attention_output,
    Role::attention_norm, Role::intermediate, Role::output, Role::output_norm};

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
      return RoleKind::layer_norm;
    case Role::query:
    case Role::key:
    case Role::value:
    case Role::attention_output:
    case Role::intermediate:
    case Role::output:
    case Role::pooler:
      break;
  }
  return RoleKind::linear;
}

std::vector<Slot> slots_of(const EncoderSpec& spec) {
  std::vector<Slot> slots{{Role::word_embeddings}, {Role::position_embeddings}};
  if (spec.token_types > 0) slots.push_back({Role::token_type_embeddings});
  slots.push_back({Role::embedding_norm});
  for (std::size_t layer = 0; layer < spec.layers; ++layer) {
    for (const Role role : kOfALayer) slots.push_back({role, layer});
  }
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
      return {hidden};
    case Role::query:
    case Role::key:
    case Role::value:
    case Role::attention_output:
    case Role::pooler:
      break;
    case Role::intermediate:
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

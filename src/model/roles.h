#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "normscope/model.h"

namespace normscope {

enum class RoleKind { table, linear, layer_norm };

[[nodiscard]] RoleKind kind_of(Role role);

/// A role in one layer; those that come once a model are in layer 0.
struct Slot {
  Role role = Role::word_embeddings;
  std::size_t layer = 0;
};

/// The weights that such an encoder has, in the order of ModelWeights.
[[nodiscard]] std::vector<Slot> slots_of(const EncoderSpec& spec);

/// Whether the role has a bias beside its weight.
[[nodiscard]] bool has_bias(Role role, const EncoderSpec& spec);

/// The LayerNorm that a layer's hidden state comes out of, 0 being the embedding output; none where
/// it is a sum.
[[nodiscard]] std::optional<Slot> norm_before(std::size_t layer, const EncoderSpec& spec);

/// Shape of the role's `weight`; a bias has its first extent.
[[nodiscard]] std::vector<std::size_t> shape_of(Role role, const EncoderSpec& spec);

}  // namespace normscope

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "normscope/model.h"

namespace normscope {

enum class RoleKind { table, linear, layer_norm };

[[nodiscard]] RoleKind kind_of(Role role);

/// How many layers have weights of their own, and which of these a layer uses.
[[nodiscard]] std::size_t stored_layers(const EncoderSpec& spec);
[[nodiscard]] std::size_t stored_layer(std::size_t layer, const EncoderSpec& spec);

/// A role in one stored layer; those that come once per model are in layer 0.
struct Slot {
  Role role = Role::word_embeddings;
  std::size_t layer = 0;
};

/// Whether such an encoder has the weight.
[[nodiscard]] bool has_weight(const Slot& slot, const EncoderSpec& spec);

/// The weights that such an encoder has, in the order of ModelWeights.
[[nodiscard]] std::vector<Slot> slots_of(const EncoderSpec& spec);

/// Whether a layer's tokens see only those near them.
[[nodiscard]] bool is_local(std::size_t layer, const EncoderSpec& spec);

/// Whether the role has a bias beside its weight.
[[nodiscard]] bool has_bias(Role role, const EncoderSpec& spec);

/// Relative positions to each side; their table has twice as many rows.
[[nodiscard]] std::size_t relative_span(const RelativePositions& positions);

/// Width of the embeddings before a linear map takes them to hidden_size.
[[nodiscard]] std::size_t embedding_width(const EncoderSpec& spec);

/// The LayerNorm whose output a layer's hidden state is (layer 0 is the embedding output); absent
/// if it is a sum or the output of a linear map.
[[nodiscard]] std::optional<Slot> norm_before(std::size_t layer, const EncoderSpec& spec);

/// Shape of the role's `weight`; a bias has its first extent.
[[nodiscard]] std::vector<std::size_t> shape_of(Role role, const EncoderSpec& spec);

}  // namespace normscope

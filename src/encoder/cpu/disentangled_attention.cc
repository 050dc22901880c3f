#include "encoder/cpu/disentangled_attention.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "model/roles.h"

namespace normscope {
namespace {

Linear linear_of(const Kernels& kernels, WeightStorage& storage, const Model& model, Role role,
                 std::size_t layer) {
  const std::array<const Weight*, 1> maps{&model.weights.at(role, layer)};
  return {kernels, storage, maps};
}

// The map of all positions, one column each: [hidden, stride], in memory of the storage.
const float* table_of(const Kernels& kernels, WeightStorage& storage, const Linear& map,
                      std::size_t hidden, const PositionVectors& positions, std::size_t stride) {
  const std::size_t mapped_stride = row_stride(hidden);
  AlignedBuffer mapped(positions.rows() * mapped_stride);
  map.apply(kernels, positions.vectors(), positions.rows(), Epilogue::none,
            {mapped.data(), mapped_stride});
  float* const table = storage.take(hidden * stride);
  std::fill_n(table, hidden * stride, 0.0F);
  for (std::size_t row = 0; row < positions.rows(); ++row) {
    for (std::size_t i = 0; i < hidden; ++i) {
      table[i * stride + row] = mapped.data()[row * mapped_stride + i];
    }
  }
  return table;
}

}  // namespace

PositionVectors::PositionVectors(const Kernels& kernels, const Model& model)
    : columns_(*model.spec.relative_positions, model.spec.max_positions),
      rows_(2 * relative_span(*model.spec.relative_positions)),
      stride_(row_stride(model.spec.hidden_size)),
      vectors_(rows_ * stride_) {
  const std::size_t hidden = model.spec.hidden_size;
  const TensorView& stored = model.weights.at(Role::relative_positions).weight;
  // The stored rows are in the order of how far the query is after the key.
  for (std::size_t row = 0; row < rows_; ++row) {
    stored.read((rows_ - 1 - row) * hidden, {vectors_.data() + row * stride_, hidden});
  }
  if (!model.spec.relative_positions->norm) return;
  const Rows rows{vectors_.data(), stride_};
  LayerNorm(model.weights.at(Role::relative_position_norm), model.spec.layer_norm_epsilon)
      .apply(kernels, rows, {}, rows_, rows);
}

DisentangledAttention::DisentangledAttention(const Kernels& kernels, WeightStorage& storage,
                                             const Model& model, std::size_t layer,
                                             const PositionVectors& positions)
    : heads_(model.spec.heads),
      hidden_(model.spec.hidden_size),
      query_(linear_of(kernels, storage, model, Role::query, layer)),
      key_(linear_of(kernels, storage, model, Role::key, layer)),
      value_(linear_of(kernels, storage, model, Role::value, layer)),
      tables_{.keys = nullptr,
              .queries = nullptr,
              // A vector read of the last columns may reach past them.
              .stride = row_stride(positions.rows() + kernels.panel_width),
              .zero = positions.columns().zero()} {
  const RelativePositions& spec = *model.spec.relative_positions;
  const auto table = [&](const Linear& shared, Role own) {
    if (!spec.own_maps) {
      return table_of(kernels, storage, shared, hidden_, positions, tables_.stride);
    }
    WeightStorage temporary;
    return table_of(kernels, storage, linear_of(kernels, temporary, model, own, layer), hidden_,
                    positions, tables_.stride);
  };
  if (spec.content_to_position) tables_.keys = table(key_, Role::position_key);
  if (spec.position_to_content) tables_.queries = table(query_, Role::position_query);
  const int kinds = 1 + (spec.content_to_position ? 1 : 0) + (spec.position_to_content ? 1 : 0);
  const std::size_t head_size = hidden_ / heads_;
  scale_ = 1.0F / std::sqrt(static_cast<float>(head_size) * static_cast<float>(kinds));
}

void DisentangledAttention::apply(const Kernels& kernels, Team& team, const PackedBatch& batch,
                                  ConstRows states, bool first_only, AlignedBuffer& memory,
                                  std::vector<AlignedBuffer>& scratch, Rows y) const {
  const std::size_t tokens = batch.tokens();
  const std::size_t sentences = batch.sentences();
  const std::size_t asking = first_only ? sentences : tokens;
  const std::size_t stride = row_stride(hidden_);
  // A vector read of the last value row may reach past its end.
  const Rows queries{memory.reserve((asking + 2 * tokens + 1) * stride), stride};
  const Rows keys{queries.data + asking * stride, stride};
  const Rows values{keys.data + tokens * stride, stride};
  if (first_only) {
    // The first tokens' states are in the buffer into which the values are computed afterwards.
    for (std::size_t s = 0; s < sentences; ++s) {
      std::copy_n(states.data + batch.offsets[s] * states.stride, hidden_,
                  values.data + s * stride);
    }
  }
  query_.apply(kernels, team, first_only ? ConstRows(values) : states, asking, Epilogue::none,
               queries);
  key_.apply(kernels, team, states, tokens, Epilogue::none, keys);
  value_.apply(kernels, team, states, tokens, Epilogue::none, values);

  const auto shape_of = [&](std::size_t sentence) {
    const std::size_t size = batch.offsets[sentence + 1] - batch.offsets[sentence];
    return DisentangledShape{.queries = first_only ? 1 : size,
                             .tokens = size,
                             .head_size = hidden_ / heads_,
                             .first_head = 0,
                             .end_head = heads_,
                             .scale = scale_,
                             .tables = tables_};
  };
  std::size_t room = 0;
  for (std::size_t s = 0; s < sentences; ++s) {
    room = std::max(room, kernels.disentangled_attention_scratch(shape_of(s)));
  }
  for (AlignedBuffer& own : scratch) own.reserve(room);
  // A piece of work is a head of a sentence.
  team.split(sentences * heads_, [&](std::size_t piece, std::size_t end, unsigned member) {
    while (piece < end) {
      const std::size_t s = piece / heads_;
      const std::size_t first = batch.offsets[s];
      const std::size_t row = first_only ? s : first;
      DisentangledShape shape = shape_of(s);
      shape.first_head = piece % heads_;
      shape.end_head = std::min(heads_, shape.first_head + end - piece);
      kernels.disentangled_attention({queries.data + row * stride, stride},
                                     {keys.data + first * stride, stride},
                                     {values.data + first * stride, stride}, shape,
                                     scratch[member].data(), {y.data + row * y.stride, y.stride});
      piece += shape.end_head - shape.first_head;
    }
  });
}

}  // namespace normscope

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "normscope/encoder.h"
#include "normscope/model.h"

namespace normscope {

/// A linear map's weight as pack() of the same kernels lays it out: panels of `panel_width` output
/// columns, each panel [in][panel_width], the last one padded with zeros.
struct PackedMatrix {
  const float* data = nullptr;
  std::size_t in = 0;
  std::size_t out = 0;
};

/// What the matrix kernel applies to an element once its sum is complete.
enum class Epilogue { none, gelu, gelu_new, relu, silu };

/// A view of a row-major matrix whose rows are `stride` floats apart.
struct Rows {
  float* data = nullptr;
  std::size_t stride = 0;
};
struct ConstRows {
  const float* data = nullptr;
  std::size_t stride = 0;
  ConstRows(const float* d, std::size_t s) : data(d), stride(s) {}
  ConstRows(Rows rows) : data(rows.data), stride(rows.stride) {}  // NOLINT: a view widens
};

/// What is added to the scaled score of a query and a key, by how many tokens the key is after the
/// query: for head h, zero[h · stride + distance].
struct DistanceBias {
  const float* zero = nullptr;  // null: nothing
  std::size_t stride = 0;
};

/// A key may be any number of tokens away from its query.
inline constexpr std::size_t kAnyReach = std::numeric_limits<std::size_t>::max();

/// Attention of every token of one sentence to all of them, or to those near it.
struct AttentionShape {
  std::size_t tokens = 0;
  std::size_t heads = 0;
  std::size_t head_size = 0;
  /// The heads to compute: [first_head, end_head).
  std::size_t first_head = 0;
  std::size_t end_head = 0;
  DistanceBias bias = {};
  /// How many tokens away from its query a key may be.
  std::size_t reach = kAnyReach;
};

/// Attention of the first token of one sentence to the tokens that it sees.
struct FirstTokenShape {
  std::size_t tokens = 0;
  std::size_t heads = 0;
  /// Length of a token's hidden state.
  std::size_t hidden = 0;
  /// Length of a key, and the distance between the keys of one head and the next: 0 if all heads
  /// have the same.
  std::size_t key_size = 0;
  std::size_t key_step = 0;
  /// Factor of the scores.
  float scale = 1;
  DistanceBias bias = {};
};

/// The keys and queries that a layer's maps make of DeBERTa's relative positions, one column each:
/// [heads · head_size, stride]. A vector read of the last columns may reach past them.
struct PositionTables {
  const float* keys = nullptr;     // null: queries do not score with positions
  const float* queries = nullptr;  // null: keys do not
  std::size_t stride = 0;
  /// The column for a key that is d tokens after its query is zero[d].
  const std::int32_t* zero = nullptr;
};

/// Attention of the first tokens of one sentence to all of them, by word and by distance.
struct DisentangledShape {
  /// Number of queries.
  std::size_t queries = 0;
  std::size_t tokens = 0;
  std::size_t head_size = 0;
  /// The heads to compute: [first_head, end_head).
  std::size_t first_head = 0;
  std::size_t end_head = 0;
  /// Factor of the scores.
  float scale = 1;
  PositionTables tables = {};
};

/// The encoder's inner loops for one instruction set. Each element of a result is computed by the
/// same operations in the same order wherever it is, so that results do not depend on batches.
struct Kernels {
  /// Output columns of a panel of a PackedMatrix.
  std::size_t panel_width;

  /// How many floats pack() writes.
  std::size_t (*packed_size)(std::size_t in, std::size_t out);
  /// weight [out, in], row-major with rows `stride` floats apart -> panels.
  void (*pack)(const float* weight, std::size_t stride, std::size_t in, std::size_t out,
               float* panels);

  /// y [rows, out] = epilogue(x [rows, in] · weightᵀ + bias [out]); bias may be null.
  void (*linear)(ConstRows x, std::size_t rows, const PackedMatrix& weight, const float* bias,
                 Epilogue epilogue, Rows y);

  /// y = LayerNorm(x + residual) · weight + bias, a row at a time; residual may be null, y may be
  /// x.
  void (*add_layer_norm)(ConstRows x, const float* residual, std::size_t residual_stride,
                         std::size_t rows, std::size_t size, const float* weight, const float* bias,
                         float epsilon, Rows y);

  /// Rotary positions: turns the numbers i and i + size/2 of each head of x [rows, heads · size] by
  /// the i-th angle of the row; a row of `angles` holds their size/2 cosines and then their sines.
  void (*rotate)(ConstRows angles, std::size_t rows, std::size_t heads, std::size_t size, Rows x);

  /// qkv [tokens, 3 · hidden] holds queries, keys and values side by side; context [tokens,
  /// hidden]. `scratch` holds attention_scratch(shape) floats.
  void (*attention)(ConstRows qkv, const AttentionShape& shape, float* scratch, Rows context);
  std::size_t (*attention_scratch)(const AttentionShape& shape);

  /// Attention of one query per head straight to the hidden states: queries [heads, key_size]; keys
  /// [tokens, ...] have those of head h from column h · key_step on, and are the states themselves
  /// if the queries have already been multiplied with the key weights; states [tokens, hidden];
  /// mixed [heads, hidden] gets each head's attention-weighted mean of the states. `scratch` holds
  /// attend_states_scratch(shape) floats.
  void (*attend_states)(ConstRows queries, ConstRows keys, ConstRows states,
                        const FirstTokenShape& shape, float* scratch, Rows mixed);
  std::size_t (*attend_states_scratch)(const FirstTokenShape& shape);

  /// queries [shape.queries, hidden]; keys and values [tokens, hidden]; context [shape.queries,
  /// hidden]. A score is query · key + query · position key + position query · key. `scratch` holds
  /// disentangled_attention_scratch(shape) floats.
  void (*disentangled_attention)(ConstRows queries, ConstRows keys, ConstRows values,
                                 const DisentangledShape& shape, float* scratch, Rows context);
  std::size_t (*disentangled_attention_scratch)(const DisentangledShape& shape);
};

/// The kernels for an instruction set that this CPU has; null if there are none in that precision.
const Kernels* kernels_for(Isa isa, Precision precision);

}  // namespace normscope

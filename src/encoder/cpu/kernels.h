#pragma once

#include <cstddef>

#include "normscope/encoder.h"
#include "normscope/model.h"

namespace normscope {

/// A linear map's weight as pack() of the same kernels lays it out: panels of `panel_width` output
/// columns, each panel [in][panel_width], the last one filled up with zeros.
struct PackedMatrix {
  const float* data = nullptr;
  std::size_t in = 0;
  std::size_t out = 0;
};

/// What the matrix kernel does to an element once its sum is complete.
enum class Epilogue { none, gelu, gelu_new, relu };

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

/// Attention of every token of one sentence to all of them.
struct AttentionShape {
  std::size_t tokens = 0;
  std::size_t heads = 0;
  std::size_t head_size = 0;
  /// The heads to compute: [first_head, end_head).
  std::size_t first_head = 0;
  std::size_t end_head = 0;
};

/// The encoder's inner loops for one instruction set. Each element of a result is computed by the
/// same operations in the same order wherever it stands, so that results do not depend on batches.
struct Kernels {
  /// Output columns of a panel of a PackedMatrix.
  std::size_t panel_width;

  /// Room that pack() needs, in floats.
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

  /// qkv [tokens, 3 · hidden] holds queries, keys and values side by side; context [tokens,
  /// hidden]. `scratch` holds attention_scratch(shape) floats.
  void (*attention)(ConstRows qkv, const AttentionShape& shape, float* scratch, Rows context);
  std::size_t (*attention_scratch)(const AttentionShape& shape);

  /// Attention of one query per head, already carried through the key weights, straight to the
  /// hidden states: queries [heads, hidden]; states [tokens, hidden]; mixed [heads, hidden] gets
  /// each head's attention-weighted mean of the states. `scratch` holds
  /// attend_states_scratch(heads, tokens) floats.
  void (*attend_states)(ConstRows queries, std::size_t heads, ConstRows states, std::size_t tokens,
                        std::size_t hidden, float scale, float* scratch, Rows mixed);
  std::size_t (*attend_states_scratch)(std::size_t heads, std::size_t tokens);
};

/// The kernels for an instruction set that this CPU has; null where they do not come in that
/// precision.
const Kernels* kernels_for(Isa isa, Precision precision);

}  // namespace normscope

#pragma once

#include <cstddef>
#include <vector>

#include "encoder/cpu/aligned_buffer.h"
#include "encoder/cpu/blocks.h"
#include "encoder/cpu/distance_columns.h"
#include "encoder/cpu/kernels.h"
#include "encoder/cpu/team.h"
#include "encoder/cpu/weight_storage.h"
#include "normscope/encoder.h"
#include "normscope/model.h"

namespace normscope {

/// DeBERTa's relative positions, which all layers share.
class PositionVectors {
 public:
  PositionVectors(const Kernels& kernels, const Model& model);

  /// A vector for each column, [rows(), hidden_size].
  [[nodiscard]] ConstRows vectors() const { return {vectors_.data(), stride_}; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] const DistanceColumns& columns() const { return columns_; }

 private:
  DistanceColumns columns_;
  std::size_t rows_;
  std::size_t stride_;
  AlignedBuffer vectors_;
};

/// DeBERTa's attention in one layer. The keys and queries of the positions are computed once.
class DisentangledAttention {
 public:
  /// `positions` must outlive it.
  DisentangledAttention(const Kernels& kernels, WeightStorage& storage, const Model& model,
                        std::size_t layer, const PositionVectors& positions);

  /// y = attention of all tokens of each sentence, or of its first one only, before the output
  /// projection. A key's score depends on its place even for the single query of a first token, so
  /// all tokens need their keys. `scratch` has a buffer for each member of the team.
  void apply(const Kernels& kernels, Team& team, const PackedBatch& batch, ConstRows states,
             bool first_only, AlignedBuffer& memory, std::vector<AlignedBuffer>& scratch,
             Rows y) const;

 private:
  std::size_t heads_;
  std::size_t hidden_;
  float scale_;
  Linear query_;
  Linear key_;
  Linear value_;
  PositionTables tables_;
};

}  // namespace normscope

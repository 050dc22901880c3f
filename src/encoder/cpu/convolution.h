#pragma once

#include <cstddef>

#include "encoder/cpu/aligned_buffer.h"
#include "encoder/cpu/blocks.h"
#include "encoder/cpu/kernels.h"
#include "encoder/cpu/team.h"
#include "encoder/cpu/weight_storage.h"
#include "normscope/encoder.h"
#include "normscope/model.h"

namespace normscope {

/// DeBERTa-v2's convolution of the embeddings, whose output is added to the first layer's.
class Convolution {
 public:
  Convolution(const Kernels& kernels, WeightStorage& storage, const Model& model);

  /// y = activation(convolution(states)) for all tokens of each sentence, or for its first one
  /// only. Beyond a sentence's ends are zeros.
  void apply(const Kernels& kernels, Team& team, const PackedBatch& batch, ConstRows states,
             bool first_only, AlignedBuffer& memory, Rows y) const;
  /// The LayerNorm of its output plus the first layer's.
  [[nodiscard]] const LayerNorm& norm() const { return norm_; }

 private:
  std::size_t hidden_;
  std::size_t width_;
  Epilogue activation_;
  Linear map_;  // of the tokens that it reads at once, side by side
  LayerNorm norm_;
};

}  // namespace normscope

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "encoder/backend.h"
#include "normscope/encoder.h"
#include "normscope/own_readout.h"

namespace normscope {

/// A model's own readout, ready to be taken from hidden states of its last layer.
class SentenceVectors {
 public:
  SentenceVectors(const OwnReadout& readout, std::size_t hidden_size);

  [[nodiscard]] std::size_t width() const { return width_; }
  /// Whether it uses only a sentence's first token.
  [[nodiscard]] bool reads_first_token() const;
  /// Writes [sentences, width()].
  void read_out(const PackedBatch& batch, const HiddenState& state, float* out) const;

 private:
  struct Layer {
    ReadoutLayer layer;
    /// The weight of a dense layer as [inputs, outputs], so that each input number is multiplied
    /// with a row; empty for the others.
    std::vector<float> transposed;
  };

  std::vector<Pooling> poolings_;
  bool includes_prompt_;
  std::vector<Layer> layers_;
  std::size_t hidden_size_;
  std::size_t width_;
};

}  // namespace normscope

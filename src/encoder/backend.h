#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "normscope/encoder.h"

namespace normscope {

/// A layer whose hidden state is read, 0 being the embedding output.
struct LayerWanted {
  std::size_t layer = 0;
  /// Whether the vectors of all tokens are read, or only of each sentence's first one.
  bool all_tokens = false;
};

/// Rows of a batch's hidden state, `stride` floats apart: of all its tokens, or only of each
/// sentence's first one.
struct HiddenState {
  const float* data = nullptr;
  std::size_t stride = 0;
  bool first_only = false;
};

/// A model made ready on a device for the wanted layers: it builds its blocks from the model's spec
/// once, and how it computes them is its own affair. A whole packed batch goes in, the wanted
/// layers' vectors come out. Immutable; many threads may call run() at once, each with its own
/// workspace.
class Backend {
 public:
  /// Memory for one batch at a time, which any backend of the same kind can work with.
  class Workspace {
   public:
    virtual ~Workspace() = default;
  };

  /// Receives the hidden state of each wanted layer, the lowest first. It is valid only during the
  /// call, and may have all tokens even if the first ones would be enough.
  using Reader = std::function<void(std::size_t layer, const HiddenState& state)>;

  virtual ~Backend() = default;

  /// What the numbers depend on, bit for bit, besides the model and the precision.
  [[nodiscard]] virtual std::string_view device() const = 0;
  /// Number of tokens of the batches that it computes fastest.
  [[nodiscard]] virtual std::size_t batch_tokens() const = 0;
  /// `threads`: how many threads share the work of a batch.
  [[nodiscard]] virtual std::unique_ptr<Workspace> workspace(unsigned threads) const = 0;

  virtual void run(const PackedBatch& batch, Workspace& workspace, const Reader& read) const = 0;
  /// Puts vectors [., hidden_size] of the last layer's first tokens through the model's pooler.
  virtual void pool(std::span<float> vectors, Workspace& workspace) const = 0;
};

}  // namespace normscope

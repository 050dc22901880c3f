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
  /// Whether of all tokens, or of each sentence's first one only.
  bool all_tokens = false;
};

/// Rows of a batch's hidden state, `stride` floats apart: of all its tokens, end to end, or of each
/// sentence's first one only.
struct HiddenState {
  const float* data = nullptr;
  std::size_t stride = 0;
  bool first_only = false;
};

/// A model made ready on a device, for the layers that are wanted: it builds its blocks from the
/// model's spec once, and how it computes them is its own affair. A whole packed batch goes in, the
/// wanted layers' vectors come out. Immutable; run() may be called by many threads at once, each
/// with a workspace of its own.
class Backend {
 public:
  /// Memory for one batch at a time, which any backend of the same kind can work with.
  class Workspace {
   public:
    virtual ~Workspace() = default;
  };

  /// Gets the hidden state of each layer wanted, the lowest first; it is valid during the call
  /// only, and may have all tokens where the first ones were enough.
  using Reader = std::function<void(std::size_t layer, const HiddenState& state)>;

  virtual ~Backend() = default;

  /// What the numbers depend on, bit for bit, beside the model and the precision.
  [[nodiscard]] virtual std::string_view device() const = 0;
  /// Tokens of the batches that it computes fastest.
  [[nodiscard]] virtual std::size_t batch_tokens() const = 0;
  /// `threads`: how many share the work of a batch.
  [[nodiscard]] virtual std::unique_ptr<Workspace> workspace(unsigned threads) const = 0;

  virtual void run(const PackedBatch& batch, Workspace& workspace, const Reader& read) const = 0;
  /// Puts vectors [., hidden_size] of the last layer's first tokens through the model's pooler.
  virtual void pool(std::span<float> vectors, Workspace& workspace) const = 0;
};

}  // namespace normscope

// The encoder: from token ids to the vectors of any layer.
//
//     const normscope::Model model = normscope::load_model("all-MiniLM-L6-v2");
//     const normscope::Encoder encoder(model, {{model.spec.layers, normscope::Readout::cls}});
//     const std::vector<normscope::TokenId> ids{101, 7592, 102, 101, 2748, 102};
//     const std::vector<std::size_t> offsets{0, 3, 6};  // two sentences of three tokens
//     const normscope::PackedBatch batch{ids, offsets};
//     std::vector<float> vectors(encoder.output_size(batch));  // [2, hidden_size]
//     normscope::Encoder::Workspace workspace(encoder);
//     encoder.encode(batch, vectors, workspace);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/cpu.h"
#include "normscope/export.h"
#include "normscope/model.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// Arithmetic of the matrix products with weights; everything else is always fp32.
enum class Precision {
  fp32,
  /// Factors rounded to bfloat16, sums in fp32; needs AVX-512 with AVX512_BF16. A norm is then
  /// within about 1e-3 of what it is in fp32.
  bf16,
};

[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Precision precision);

/// Sentences one after the other, without padding. Sentence s has the ids [offsets[s], offsets[s +
/// 1]); offsets begin with 0 and end with ids.size().
struct PackedBatch {
  std::span<const TokenId> ids;
  std::span<const std::size_t> offsets;
  /// Number of ids at the start of each sentence that belong to a prompt, with the special ones
  /// before them: a model's own readout may leave them out.
  std::size_t prompt_ids = 0;

  [[nodiscard]] std::size_t sentences() const { return offsets.size() - 1; }
  [[nodiscard]] std::size_t tokens() const { return ids.size(); }
};

/// What is taken from a hidden state.
enum class Readout {
  /// The vector of the first token, which BERT calls [CLS]: [sentences, hidden_size].
  cls,
  /// The vectors of all tokens: [tokens, hidden_size].
  tokens,
  /// Mean and elementwise maximum of the vectors of all tokens, the special ones included, as
  /// sentence-transformers' pooling: [sentences, hidden_size].
  mean,
  max,
  /// tanh(W · first vector + b), BertModel's pooler_output; only of the last layer: [sentences,
  /// hidden_size].
  pooler,
  /// Model::own_readout, what encode() of sentence-transformers returns before it is normalised;
  /// only of the last layer: [sentences, OwnReadout::width].
  model,
};

/// "cls", "tokens", "mean", …
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Readout readout);

/// What is taken, and from which hidden state: layer 0 is the output of the embeddings, layer
/// EncoderSpec::layers the last.
struct ReadoutPoint {
  std::size_t layer = 0;
  Readout readout = Readout::cls;

  bool operator==(const ReadoutPoint&) const = default;
};

/// "layer6.cls"
[[nodiscard]] NORMSCOPE_EXPORT std::string name(const ReadoutPoint& point);

/// How an encoder computes.
struct EncoderOptions {
  CpuOptions cpu;
  Precision precision = Precision::fp32;
};

/// A model ready to give the vectors of certain readout points: it holds only the weights that they
/// need, and computes only what they need (no layers above them, and if only the first tokens of
/// the highest layer are read, only those). A sentence's numbers depend only on its ids, bit for
/// bit for one device() and precision: not on its batch, its place in the batch or the threads.
/// Immutable; encode() may run in many threads at once, each with a workspace of its own.
class NORMSCOPE_EXPORT Encoder {
 public:
  /// Scratch memory for one batch at a time; grows to the largest that it has seen. It serves every
  /// encoder that runs on the same kind of device. With more than one thread, encode() shares the
  /// work of each batch among that many: worth it for a single batch, since several batches are
  /// encoded faster by one thread each.
  class NORMSCOPE_EXPORT Workspace {
   public:
    explicit Workspace(const Encoder& encoder, unsigned threads = 1);
    Workspace(Workspace&&) noexcept;
    Workspace& operator=(Workspace&&) noexcept;
    ~Workspace();

   private:
    friend class Encoder;
    struct NORMSCOPE_HIDDEN State;
    std::unique_ptr<State> state_;
  };

  /// Throws std::invalid_argument if a point's layer is above the model's, a pooler's or an own
  /// readout's is not the last, or a point reads an own readout that was not loaded, and Error
  /// if the model has no pooler but a point reads it, or the CPU lacks what the instruction set
  /// or the precision needs.
  Encoder(const Model& model, std::vector<ReadoutPoint> points, const EncoderOptions& options = {});
  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) noexcept;
  ~Encoder();

  [[nodiscard]] const EncoderSpec& spec() const;
  [[nodiscard]] std::span<const ReadoutPoint> points() const;
  /// What computes the numbers: the instruction set of the CPU, "avx2" or "avx512".
  [[nodiscard]] std::string_view device() const;
  [[nodiscard]] Precision precision() const;
  /// Number of tokens of the batches that it encodes fastest.
  [[nodiscard]] std::size_t batch_tokens() const;

  /// Length of the vectors that a readout gives.
  [[nodiscard]] std::size_t width(Readout readout) const;
  /// Number of floats that encode() writes for a batch.
  [[nodiscard]] std::size_t output_size(const PackedBatch& batch) const;

  /// Writes to `out` the points' blocks one after the other, each [sentences, width(readout)], or
  /// [tokens, hidden_size] of Readout::tokens. Every sentence has 1 to spec().max_positions ids,
  /// each in [0, spec().vocabulary_size), and `out` has output_size(batch) floats; throws
  /// std::invalid_argument otherwise.
  void encode(const PackedBatch& batch, std::span<float> out, Workspace& workspace) const;

 private:
  struct NORMSCOPE_HIDDEN State;
  std::unique_ptr<const State> state_;
};

}  // namespace normscope

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "encoder/cpu/kernels.h"
#include "encoder/cpu/team.h"
#include "encoder/cpu/weight_storage.h"
#include "normscope/model.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// y = x · Wᵀ + b with packed weights, which lie in a WeightStorage.
class Linear {
 public:
  /// Stacks the maps' outputs side by side: weights [out_i, in], biases [out_i].
  Linear(const Kernels& kernels, WeightStorage& storage, std::span<const Weight* const> maps);
  /// From a weight in memory, [out, in] with rows `stride` floats apart; no bias if it is empty.
  Linear(const Kernels& kernels, WeightStorage& storage, const float* weight, std::size_t stride,
         std::size_t in, std::size_t out, std::span<const float> bias);

  void apply(const Kernels& kernels, ConstRows x, std::size_t rows, Epilogue epilogue,
             Rows y) const;
  /// The same with all members of the team, each of which computes some panels of the outputs.
  void apply(const Kernels& kernels, Team& team, ConstRows x, std::size_t rows, Epilogue epilogue,
             Rows y) const;

 private:
  PackedMatrix weight_;
  std::vector<float> bias_;
};

class LayerNorm {
 public:
  LayerNorm(const Weight& weights, float epsilon);

  /// y = LayerNorm(x + residual); no residual if its data is null.
  void apply(const Kernels& kernels, ConstRows x, Rows residual, std::size_t rows, Rows y) const;

 private:
  std::vector<float> weight_;
  std::vector<float> bias_;
  float epsilon_;
};

class Embeddings {
 public:
  Embeddings(const Kernels& kernels, WeightStorage& storage, const Model& model);

  /// The sum of the embeddings of word, token type 0 and position (if the model has them) for each
  /// of a sentence's tokens, before the LayerNorm: [ids.size(), width()].
  void write(std::span<const TokenId> ids, Rows rows) const;
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const LayerNorm& norm() const { return norm_; }
  /// Maps them to the hidden size; null if they have it already.
  [[nodiscard]] const Linear* projection() const { return projection_ ? &*projection_ : nullptr; }

 private:
  void write(TokenId id, std::size_t position, std::span<float> row) const;

  std::size_t width_;
  TensorView words_;
  std::vector<float> token_type_;
  std::vector<float> positions_;  // none where they are rotary
  std::size_t first_position_;
  std::optional<std::size_t> padding_id_;
  LayerNorm norm_;
  std::optional<Linear> projection_;
  std::shared_ptr<const void> mappings_;
};

/// Attention if every token's output is wanted.
struct FullAttention {
  Linear query_key_value;
};

/// Attention if only the first token's output is wanted.
struct FirstTokenAttention {
  Linear query;
  std::optional<Linear> key;   // if positions are rotary
  std::vector<Linear> keys;    // else, by head, the transposed key weight: [head_size] -> [hidden]
  std::vector<Linear> values;  // by head: [hidden_size] -> [head_size]
};

/// What a stored layer is used for: to compute the vectors of all tokens, only of the first ones,
/// or both in different layers that share it.
struct LayerUse {
  bool all_tokens = false;
  bool first_only = false;
};

struct Layer {
  Layer(const Kernels& kernels, WeightStorage& storage, const Model& model, std::size_t layer,
        LayerUse use);

  std::optional<FullAttention> attention;
  std::optional<FirstTokenAttention> first_attention;
  Linear attention_output;
  std::optional<LayerNorm> attention_norm;
  Linear intermediate;
  std::optional<Linear> gate;
  Linear output;
  LayerNorm output_norm;
};

[[nodiscard]] Epilogue epilogue_of(Activation activation);

}  // namespace normscope

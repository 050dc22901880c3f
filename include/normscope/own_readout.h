// A model's own readout: how sentence-transformers makes one vector from the last hidden state.
//
//     normscope::Model model = normscope::load_model("LaBSE");
//     normscope::load_own_readout(model);
//     for (const normscope::ReadoutLayer& layer : model.own_readout->layers) {
//       std::cout << name(layer) << '\n';  // Dense 768 to 768 (tanh)
//     }
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "normscope/export.h"

namespace normscope {

/// How one vector is made from those of a sentence's tokens, the special ones included.
enum class Pooling {
  /// The first one.
  cls,
  /// The largest number in each dimension.
  max,
  mean,
  /// The sum divided by the square root of the number of tokens.
  mean_sqrt_len_tokens,
  /// The mean, in which the k-th token counts k times.
  weightedmean,
  /// The last one.
  lasttoken,
};

/// "cls", "max", …, as sentence-transformers calls them.
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Pooling pooling);

enum class DenseActivation { identity, tanh, relu, gelu, sigmoid };

/// "identity", "tanh", …
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(DenseActivation activation);

/// activation(weight · x + bias)
struct DenseLayer {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  /// [outputs, inputs]
  std::vector<float> weight = {};
  /// [outputs], or empty if there is none.
  std::vector<float> bias = {};
  DenseActivation activation = DenseActivation::identity;
};

struct LayerNormLayer {
  std::vector<float> scale = {};
  std::vector<float> shift = {};
};

/// x / ‖x‖
struct NormalizeLayer {};

/// What comes after the pooling.
using ReadoutLayer = std::variant<DenseLayer, LayerNormLayer, NormalizeLayer>;

/// "Dense 768 to 512 (tanh)", "LayerNorm", "Normalize"
[[nodiscard]] NORMSCOPE_EXPORT std::string name(const ReadoutLayer& layer);

/// From the last layer's vectors to the one that encode() of sentence-transformers returns, or
/// would return without the Normalize at its end.
struct OwnReadout {
  /// If there are several, their vectors are concatenated.
  std::vector<Pooling> poolings{Pooling::mean};
  /// Whether the tokens of a prompt are pooled with the others.
  bool includes_prompt = true;
  std::vector<ReadoutLayer> layers = {};
  /// Whether the last step is Normalize, which is left out: after it every norm is 1.
  bool normalizes = false;
  /// Length of the vector.
  std::size_t width = 0;
};

}  // namespace normscope

// Models: an encoder in a local Hugging Face folder, as a spec and views into its weights.
//
//     const normscope::Model model = normscope::load_model("all-MiniLM-L6-v2");
//     const normscope::TensorView& table =
//         model.weights.at(normscope::Role::word_embeddings).weight;  // [vocabulary, hidden_size]
//     std::vector<float> first_row(model.spec.hidden_size);
//     table.read(0, first_row);
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normscope/export.h"
#include "normscope/own_readout.h"

namespace normscope {

/// The activation of the feed-forward blocks, under the names of config.json.
enum class Activation { gelu, gelu_new, relu, silu };

/// "gelu", "gelu_new", "relu", "silu"
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Activation activation);

/// The place of a layer's LayerNorms: after each of its two blocks, LayerNorm(x + block(x)), or
/// before it, x + block(LayerNorm(x)), with one more after the last layer.
enum class NormPlace { after, before };

/// "after", "before"
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(NormPlace place);

/// DeBERTa's attention, in which the score of a query and a key also depends on their distance:
/// every distance has a relative position, and every position a vector. The sum of the scores is
/// divided by √(head size · number of kinds of scores).
struct RelativePositions {
  /// Positions to each side: distances up to half of them have their own, and larger ones share the
  /// rest by their logarithm. 0: every distance below `limit` has its own.
  std::size_t buckets = 0;
  /// From here on, all distances have the last position.
  std::size_t limit = 0;
  /// The scores added to that of query and key: of the query and the position's key, and of the
  /// position's query and the key.
  bool content_to_position = false;
  bool position_to_content = false;
  /// Whether positions have their own maps to keys and queries, instead of those of the tokens.
  bool own_maps = false;
  /// Whether the vectors go through a LayerNorm first.
  bool norm = false;
};

/// What an encoder is, whatever its architecture calls it: all that a backend needs to know besides
/// the weights.
struct EncoderSpec {
  std::size_t hidden_size = 0;
  std::size_t layers = 0;
  /// If layers share weights: how many different ones there are. Each serves equally many layers,
  /// one after the other. 0: every layer has its own weights.
  std::size_t layer_groups = 0;
  std::size_t heads = 0;
  std::size_t intermediate_size = 0;
  std::size_t vocabulary_size = 0;
  /// Width of the embeddings if a linear map takes them to hidden_size; 0: they have that size.
  std::size_t embedding_size = 0;
  /// Whether that map, then without a bias, comes before the embeddings' LayerNorm instead of after
  /// it.
  bool projection_first = false;
  /// Number of tokens of the longest sentence that it can read.
  std::size_t max_positions = 0;
  /// Whether a token's position has a vector that is added to its word's: a row of a table.
  bool absolute_positions = true;
  /// 0: the model has none. Every token is of type 0.
  std::size_t token_types = 0;
  float layer_norm_epsilon = 0;
  Activation activation = Activation::gelu;
  /// The row of a sentence's first token; RoBERTa's table begins with rows for padding.
  std::size_t first_position = 0;
  /// RoBERTa's rule: a token with this id has the row of the same number, and the positions after
  /// it do not count it.
  std::optional<std::size_t> padding_id = {};
  /// Rows of the table of biases that attention adds by the distance of a key from its query: 32 in
  /// MPNet; 0: there are none.
  std::size_t relative_buckets = 0;
  /// Rotary positions: attention turns each query and key by angles, the token's position divided
  /// by powers of this base. 0: there are none.
  double rotary_base = 0;
  /// The same in the local layers.
  double local_rotary_base = 0;
  /// What all these angles are divided by.
  double rotary_divisor = 1;
  /// The layers, from 0 on, in which a token sees only the tokens at most local_reach away.
  std::vector<std::size_t> local_layers = {};
  std::size_t local_reach = 0;
  /// DeBERTa's positions, which attention compares with queries and keys.
  std::optional<RelativePositions> relative_positions = {};
  /// Tokens that a convolution of the embeddings reads at once, an odd number; its output is added
  /// to the first layer's, before a LayerNorm. 0: there is none.
  std::size_t convolution_width = 0;
  Activation convolution_activation = Activation::gelu;
  NormPlace norms = NormPlace::after;
  /// If the LayerNorms come before the blocks: whether the first layer's attention has one too.
  bool first_attention_norm = true;
  /// Which maps and LayerNorms have biases; a pooler always has.
  bool attention_biases = true;
  bool intermediate_biases = true;
  bool output_biases = true;
  bool norm_biases = true;
  /// output(activation(intermediate(x)) · gate(x)) instead of output(activation(intermediate(x))).
  bool gated_feed_forward = false;
  /// Whether a dense layer with tanh comes after the last layer's first vector.
  bool pooler = false;
};

/// How numbers are stored in a weight file.
enum class DataType { f32, f16, bf16 };

/// A read-only view of a stored tensor: row-major, little-endian, in the file's own data type.
struct NORMSCOPE_EXPORT TensorView {
  DataType type = DataType::f32;
  std::vector<std::size_t> shape;
  const std::byte* data = nullptr;
  /// Whether the values lie in a file that is mapped into memory.
  bool mapped = false;

  /// Number of elements.
  [[nodiscard]] std::size_t size() const;
  /// Lets the system take back the memory of mapped values that are not read again soon; if they
  /// are, they come from the file.
  void release() const;
  /// Copies the elements [first, first + out.size()) as float. Exact: every type widens to f32.
  /// Throws std::out_of_range if the tensor does not have that many.
  void read(std::size_t first, std::span<float> out) const;
};

/// What a weight is to the encoder, whatever a model's files call it.
enum class Role {
  // Once per model.
  word_embeddings,
  position_embeddings,
  token_type_embeddings,
  embedding_norm,
  embedding_projection,
  relative_bias,
  relative_positions,
  relative_position_norm,
  convolution,
  convolution_norm,
  // Once per layer.
  query,
  key,
  value,
  position_query,
  position_key,
  attention_output,
  attention_norm,
  intermediate,
  gate,
  output,
  output_norm,
  // Once per model.
  final_norm,
  pooler,
};

/// A linear map's weight [out, in] and bias [out], a LayerNorm's scale and shift, or a table [rows,
/// width]. A convolution is a linear map with a weight [out, in, tokens]. If there is no bias, its
/// data is null. If layers share weights, `layer` is the number of the group.
struct Weight {
  Role role = Role::word_embeddings;
  std::size_t layer = 0;
  TensorView weight;
  TensorView bias;
};

/// A model's weights, in the order of the roles and layers.
class NORMSCOPE_EXPORT ModelWeights {
 public:
  void add(Weight weight) { all_.push_back(std::move(weight)); }

  [[nodiscard]] std::span<const Weight> all() const { return all_; }
  [[nodiscard]] std::span<Weight> all() { return all_; }
  /// Throws std::out_of_range if the model has no such weight.
  [[nodiscard]] const Weight& at(Role role, std::size_t layer = 0) const;

 private:
  std::vector<Weight> all_;
};

/// An encoder in a local Hugging Face folder: what it is, and views into its weight files, which
/// stay mapped as long as a copy of the Model lives.
struct Model {
  std::filesystem::path folder;
  /// Where config.json, the weights and the tokenizer's files lie: the folder, or one below it that
  /// its modules.json names.
  std::filesystem::path encoder_folder;
  /// What its config.json calls the architecture: "bert", "distilbert", …
  std::string architecture;
  EncoderSpec spec;
  ModelWeights weights;
  std::vector<std::filesystem::path> weight_files;
  /// Names, below `folder`, of all files that decide the model's numbers.
  std::vector<std::string> files;
  /// Present once load_own_readout() has read it.
  std::optional<OwnReadout> own_readout = {};
  std::shared_ptr<const void> mappings;
};

/// Reads config.json and the weights, from the folder or from the one that modules.json of
/// sentence-transformers gives to the first module, the Transformer. The weights are in
/// model.safetensors, or if there is none in pytorch_model.bin, or in several such files with an
/// index, which decides which file a tensor is read from. Nothing in a pickled file is executed. As
/// in transformers' AutoModel, `model_type` decides what the model is; the tensors may have the
/// prefix that they get below a head, and the old gamma/beta names. Throws Error that names the
/// file and the key or tensor: a missing file, a malformed header, an unknown architecture, a
/// tensor that is missing or has a shape other than config.json says.
NORMSCOPE_EXPORT Model load_model(const std::filesystem::path& folder);

/// Reads what sentence-transformers does with the last hidden state: the poolings, dense layers and
/// LayerNorms that modules.json lists, or the mean of all tokens if there is no such file. Adds
/// their files to the model's. Throws Error that names the file and the module or key: code from
/// the model's repository, an unsupported module of sentence-transformers, an adapter, widths that
/// do not match.
NORMSCOPE_EXPORT void load_own_readout(Model& model);

/// One SHA-256, in hexadecimal, over what defines the model's numbers: the lines "<sha256>
/// <name>\n" of Model::files (config.json, the tokenizer's files, the weight files, and what a
/// readout or a prompt added), in byte order of the names. Throws Error if one of them cannot be
/// read.
NORMSCOPE_EXPORT std::string model_sha256(const Model& model);

}  // namespace normscope

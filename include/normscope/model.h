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
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normscope/export.h"

namespace normscope {

/// The activation of the feed-forward blocks, by the names of config.json.
enum class Activation { gelu, gelu_new, relu };

/// "gelu", "gelu_new", "relu"
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Activation activation);

/// Where a layer's LayerNorms stand: after each of its two blocks, LayerNorm(x + block(x)), or
/// before it, x + block(LayerNorm(x)), with one more after the last layer.
enum class NormPlace { after, before };

/// "after", "before"
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(NormPlace place);

/// What an encoder is, whatever its architecture calls it: all that a backend needs to know beside
/// the weights.
struct EncoderSpec {
  std::size_t hidden_size = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t intermediate_size = 0;
  std::size_t vocabulary_size = 0;
  /// Tokens of the longest sentence that it can read. A token's position is a row of a table.
  std::size_t max_positions = 0;
  /// 0: the model has none. Every token is of type 0.
  std::size_t token_types = 0;
  float layer_norm_epsilon = 0;
  Activation activation = Activation::gelu;
  /// The row of a sentence's first token; RoBERTa's table begins with rows for padding.
  std::size_t first_position = 0;
  NormPlace norms = NormPlace::after;
  /// Which maps and LayerNorms have biases; a pooler always has.
  bool attention_biases = true;
  bool feed_forward_biases = true;
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
  /// Lets the system take back the memory of mapped values that are not read again soon; where they
  /// are, they come from the file.
  void release() const;
  /// Copies the elements [first, first + out.size()) as float. Exact: every type widens to f32.
  /// Throws std::out_of_range where the tensor has not that many.
  void read(std::size_t first, std::span<float> out) const;
};

/// What a weight is to the encoder, whatever a model's files call it.
enum class Role {
  // Once a model.
  word_embeddings,
  position_embeddings,
  token_type_embeddings,
  embedding_norm,
  // Once a layer.
  query,
  key,
  value,
  attention_output,
  attention_norm,
  intermediate,
  gate,
  output,
  output_norm,
  // Once a model.
  final_norm,
  pooler,
};

/// A linear map's weight [out, in] and bias [out], a LayerNorm's scale and shift, or a table [rows,
/// hidden_size]. Where there is no bias, its data is null.
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
  /// Throws std::out_of_range where the model has no such weight.
  [[nodiscard]] const Weight& at(Role role, std::size_t layer = 0) const;

 private:
  std::vector<Weight> all_;
};

/// An encoder in a local Hugging Face folder: what it is, and views into its weight files, which
/// stay mapped as long as a copy of the Model lives.
struct Model {
  std::filesystem::path folder;
  /// What its config.json calls the architecture: "bert", "distilbert", …
  std::string architecture;
  EncoderSpec spec;
  ModelWeights weights;
  std::vector<std::filesystem::path> weight_files;
  std::shared_ptr<const void> mappings;
};

/// Reads config.json and the weights: model.safetensors, or pytorch_model.bin where there is none,
/// or an index of several such files, which then decides in which one a tensor is. Of a pickled
/// file nothing is executed. As in transformers' AutoModel, `model_type` decides what the model is;
/// the tensors may have the prefix that they get below a head, and the old gamma/beta names. Throws
/// Error that names the file and the key or tensor: a missing file, a malformed header, an
/// architecture that is not known, a tensor that is missing or of another shape than config.json
/// says.
NORMSCOPE_EXPORT Model load_model(const std::filesystem::path& folder);

/// One SHA-256, in hexadecimal, over what defines the model's numbers: the lines "<sha256>  <file
/// name>\n" of config.json, the tokenizer's files and the weight files, in byte order of the names.
/// Throws Error where one of them cannot be read.
NORMSCOPE_EXPORT std::string model_sha256(const Model& model);

}  // namespace normscope

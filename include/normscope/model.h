#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace normscope {

enum class Activation { gelu, gelu_new, relu };

/// The sizes of a BertModel, from its config.json.
struct ModelConfig {
  std::size_t hidden_size = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t intermediate_size = 0;
  std::size_t vocabulary_size = 0;
  std::size_t max_positions = 0;
  std::size_t token_types = 0;
  float layer_norm_epsilon = 0;
  Activation activation = Activation::gelu;
};

enum class DataType { f32, f16, bf16 };

/// A read-only view of a stored tensor: row-major, little-endian, in the file's own data type.
struct TensorView {
  DataType type = DataType::f32;
  std::vector<std::size_t> shape;
  const std::byte* data = nullptr;
  /// Whether the values lie in a file that is mapped into memory.
  bool mapped = false;

  [[nodiscard]] std::size_t size() const;
  /// Lets the system take back the memory of mapped values that are not read again soon; where they
  /// are, they come from the file.
  void release() const;
  /// Copies the elements [first, first + out.size()) as float. Exact: every type widens to f32.
  void read(std::size_t first, std::span<float> out) const;
};

/// Weights and biases of one linear map: weight [out, in], bias [out].
struct LinearWeights {
  TensorView weight;
  TensorView bias;
};

struct LayerNormWeights {
  TensorView weight;
  TensorView bias;
};

struct LayerWeights {
  LinearWeights query, key, value, attention_output, intermediate, output;
  LayerNormWeights attention_norm, output_norm;
};

struct ModelWeights {
  TensorView word_embeddings;        // [vocabulary_size, hidden_size]
  TensorView position_embeddings;    // [max_positions, hidden_size]
  TensorView token_type_embeddings;  // [token_types, hidden_size]
  LayerNormWeights embedding_norm;
  std::vector<LayerWeights> layers;
  /// Absent in models that were saved without their pooling layer.
  std::optional<LinearWeights> pooler;
};

/// A BERT-family model in a local Hugging Face folder: checked sizes, and views into its mapped
/// weight files, which stay mapped as long as a copy of the Model lives.
struct Model {
  std::filesystem::path folder;
  ModelConfig config;
  ModelWeights weights;
  std::vector<std::filesystem::path> weight_files;
  std::shared_ptr<const void> mappings;
};

/// Reads config.json and model.safetensors (or model.safetensors.index.json and its shards).
/// Takes BertModel weights with or without the "bert." prefix and with the old gamma/beta names.
/// Throws Error that names the file and the key or tensor: a missing file, a malformed header, an
/// architecture that is not BERT, a tensor that is missing or of another shape than config.json
/// says.
Model load_model(const std::filesystem::path& folder);

/// One SHA-256 over what defines the model's numbers: the lines "<sha256>  <file name>\n" of
/// config.json, the tokenizer's files and the weight files, in byte order of the names.
std::string model_sha256(const Model& model);

}  // namespace normscope

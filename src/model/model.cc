#include "normscope/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "files/mapped_file.h"
#include "files/sha256.h"
#include "model/config.h"
#include "model/model_files.h"
#include "model/safetensors.h"
#include "model/shard_index.h"
#include "normscope/error.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

bool has_file(const fs::path& folder, const char* name) {
  std::error_code error;  // what cannot be looked at is not there
  return fs::exists(folder / name, error);
}

struct WeightFile {
  fs::path path;
  MappedFile mapping;
  std::vector<StoredTensor> tensors;

  explicit WeightFile(fs::path where)
      : path(std::move(where)), mapping(path), tensors(parse_safetensors(mapping.bytes(), path)) {}

  [[nodiscard]] const StoredTensor* find(std::string_view name) const {
    const auto found = std::lower_bound(
        tensors.begin(), tensors.end(), name,
        [](const StoredTensor& tensor, std::string_view wanted) { return tensor.name < wanted; });
    return found != tensors.end() && found->name == name ? &*found : nullptr;
  }
};

// The stored tensors of a model, in one file or in several.
struct Checkpoint {
  // What a missing tensor is missing from: the file that should list it.
  fs::path path;
  std::vector<WeightFile> files;

  struct Found {
    const WeightFile* file;
    const StoredTensor* tensor;
  };
  [[nodiscard]] std::optional<Found> find(std::string_view name) const {
    for (const WeightFile& file : files) {
      if (const StoredTensor* const tensor = file.find(name)) return Found{&file, tensor};
    }
    return std::nullopt;
  }
};

Checkpoint open_shards(const fs::path& index) {
  Checkpoint checkpoint{index, {}};
  for (const auto& [shard, tensors] : read_shard_index(index)) {
    const WeightFile& file = checkpoint.files.emplace_back(index.parent_path() / shard);
    for (const std::string& tensor : tensors) {
      if (file.find(tensor) == nullptr) {
        throw Error(file.path, fmt::format("tensor '{}'", tensor),
                    fmt::format("is missing, though {} says that it is here", kShardIndexFile));
      }
    }
  }
  return checkpoint;
}

Checkpoint open_checkpoint(const fs::path& folder) {
  if (has_file(folder, kWeightsFile)) {
    Checkpoint checkpoint{folder / kWeightsFile, {}};
    checkpoint.files.emplace_back(checkpoint.path);
    return checkpoint;
  }
  if (has_file(folder, kShardIndexFile)) return open_shards(folder / kShardIndexFile);
  for (const char* const pickle : {"pytorch_model.bin", "pytorch_model.bin.index.json"}) {
    if (has_file(folder, pickle)) {
      throw Error(folder / pickle,
                  "weights are read from model.safetensors only; "
                  "save the model again with safetensors");
    }
  }
  throw Error(folder, fmt::format("holds neither {} nor {}", kWeightsFile, kShardIndexFile));
}

DataType data_type(const Checkpoint::Found& found) {
  if (found.tensor->dtype == "F32") return DataType::f32;
  if (found.tensor->dtype == "F16") return DataType::f16;
  if (found.tensor->dtype == "BF16") return DataType::bf16;
  throw Error(found.file->path, fmt::format("tensor '{}'", found.tensor->name),
              fmt::format("is of type {}; weights are F32, F16 or BF16", found.tensor->dtype));
}

// Takes the weights of a BertModel out of a checkpoint by their names in transformers.
class WeightReader {
 public:
  WeightReader(const Checkpoint& checkpoint, const ModelConfig& config)
      : checkpoint_(checkpoint),
        config_(config),
        prefix_(!checkpoint.find("embeddings.word_embeddings.weight") &&
                        checkpoint.find("bert.embeddings.word_embeddings.weight")
                    ? "bert."
                    : "") {}

  [[nodiscard]] ModelWeights model() const {
    const std::size_t hidden = config_.hidden_size;
    ModelWeights weights;
    weights.word_embeddings =
        tensor({"embeddings.word_embeddings.weight"}, {config_.vocabulary_size, hidden});
    weights.position_embeddings =
        tensor({"embeddings.position_embeddings.weight"}, {config_.max_positions, hidden});
    weights.token_type_embeddings =
        tensor({"embeddings.token_type_embeddings.weight"}, {config_.token_types, hidden});
    weights.embedding_norm = norm("embeddings.LayerNorm");
    for (std::size_t i = 0; i < config_.layers; ++i) {
      weights.layers.push_back(layer(fmt::format("encoder.layer.{}.", i)));
    }
    if (checkpoint_.find(prefix_ + "pooler.dense.weight")) {
      weights.pooler = linear("pooler.dense", hidden, hidden);
    }
    return weights;
  }

 private:
  [[nodiscard]] LayerWeights layer(const std::string& name) const {
    const std::size_t hidden = config_.hidden_size;
    const std::size_t intermediate = config_.intermediate_size;
    return {.query = linear(name + "attention.self.query", hidden, hidden),
            .key = linear(name + "attention.self.key", hidden, hidden),
            .value = linear(name + "attention.self.value", hidden, hidden),
            .attention_output = linear(name + "attention.output.dense", hidden, hidden),
            .intermediate = linear(name + "intermediate.dense", intermediate, hidden),
            .output = linear(name + "output.dense", hidden, intermediate),
            .attention_norm = norm(name + "attention.output.LayerNorm"),
            .output_norm = norm(name + "output.LayerNorm")};
  }

  [[nodiscard]] LinearWeights linear(const std::string& name, std::size_t out,
                                     std::size_t in) const {
    return {tensor({name + ".weight"}, {out, in}), tensor({name + ".bias"}, {out})};
  }

  // Weights converted from TensorFlow carry its names for the scale and the shift.
  [[nodiscard]] LayerNormWeights norm(const std::string& name) const {
    return {tensor({name + ".weight", name + ".gamma"}, {config_.hidden_size}),
            tensor({name + ".bias", name + ".beta"}, {config_.hidden_size})};
  }

  // `names`: what the tensor may be called, the usual name first.
  [[nodiscard]] TensorView tensor(const std::vector<std::string>& names,
                                  const std::vector<std::size_t>& shape) const {
    for (const std::string& name : names) {
      if (const auto found = checkpoint_.find(prefix_ + name)) return view(*found, shape);
    }
    throw Error(checkpoint_.path, fmt::format("tensor '{}'", prefix_ + names.front()),
                "is missing");
  }

  [[nodiscard]] static TensorView view(const Checkpoint::Found& found,
                                       const std::vector<std::size_t>& shape) {
    const StoredTensor& stored = *found.tensor;
    if (stored.shape != shape) {
      throw Error(found.file->path, fmt::format("tensor '{}'", stored.name),
                  fmt::format("has the shape [{}], where {} makes it [{}]",
                              fmt::join(stored.shape, ", "), kConfigFile, fmt::join(shape, ", ")));
    }
    return {.type = data_type(found),
            .shape = stored.shape,
            .data = stored.bytes.data(),
            .mapped = true};
  }

  const Checkpoint& checkpoint_;
  const ModelConfig& config_;
  std::string prefix_;
};

}  // namespace

Model load_model(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw Error(folder, error ? error.message() : "is not a folder");
  }
  Model model;
  model.folder = folder;
  model.config = read_model_config(folder / kConfigFile);
  Checkpoint checkpoint = open_checkpoint(folder);
  model.weights = WeightReader(checkpoint, model.config).model();
  auto mappings = std::make_shared<std::vector<MappedFile>>();
  for (WeightFile& file : checkpoint.files) {
    model.weight_files.push_back(std::move(file.path));
    mappings->push_back(std::move(file.mapping));
  }
  model.mappings = std::move(mappings);
  return model;
}

std::string model_sha256(const Model& model) {
  std::set<std::string> names;
  const auto add = [&](const char* name) {
    if (has_file(model.folder, name)) names.insert(name);
  };
  add(kConfigFile);
  add(kShardIndexFile);
  for (const char* const name : kTokenizerFiles) add(name);
  for (const fs::path& file : model.weight_files) names.insert(file.filename());
  Sha256 hash;
  for (const std::string& name : names) {
    hash.update(fmt::format("{}  {}\n", sha256_of_file(model.folder / name), name));
  }
  return hash.finish();
}

}  // namespace normscope

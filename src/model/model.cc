#include "normscope/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/mapped_file.h"
#include "base/sha256.h"
#include "model/config.h"
#include "model/model_files.h"
#include "model/roles.h"
#include "model/safetensors.h"
#include "model/shard_index.h"
#include "model/torch_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

bool has_file(const fs::path& folder, const char* name) {
  std::error_code error;  // what cannot be looked at is not there
  return fs::exists(folder / name, error);
}

// What a model's tensors are views into.
struct WeightMemory {
  MappedFile mapping;
  std::vector<std::unique_ptr<std::byte[]>> copies;
};

struct WeightFile {
  fs::path path;
  WeightMemory memory;
  std::vector<StoredTensor> tensors;

  explicit WeightFile(fs::path where) : path(std::move(where)), memory{MappedFile(path), {}} {
    if (path.extension() == ".safetensors") {
      tensors = parse_safetensors(memory.mapping.bytes(), path);
    } else {
      TorchFile file = parse_torch_file(memory.mapping.bytes(), path);
      tensors = std::move(file.tensors);
      memory.copies = std::move(file.copies);
    }
  }

  [[nodiscard]] bool is_mapped(const StoredTensor& tensor) const {
    const std::byte* const begin = memory.mapping.bytes().data();
    return tensor.bytes.data() >= begin &&
           tensor.bytes.data() < begin + memory.mapping.bytes().size();
  }
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
  // Of several files: in which one a tensor is, whatever else the others hold.
  std::map<std::string, std::size_t, std::less<>> places;

  struct Found {
    const WeightFile* file;
    const StoredTensor* tensor;
  };
  [[nodiscard]] std::optional<Found> find(std::string_view name) const {
    const auto place = places.find(name);
    if (!places.empty() && place == places.end()) return std::nullopt;
    const WeightFile& file = files[places.empty() ? 0 : place->second];
    const StoredTensor* const tensor = file.find(name);
    if (tensor == nullptr) return std::nullopt;
    return Found{&file, tensor};
  }
  [[noreturn]] void miss(const std::string& name) const {
    const std::string place = fmt::format("tensor '{}'", name);
    const auto listed = places.find(name);
    if (listed == places.end()) throw Error(path, place, "is missing");
    throw Error(
        files[listed->second].path, place,
        fmt::format("is missing, though {} says that it is here", path.filename().string()));
  }
};

Checkpoint open_shards(const fs::path& index) {
  Checkpoint checkpoint{index, {}, {}};
  for (const auto& [shard, tensors] : read_shard_index(index)) {
    for (const std::string& tensor : tensors) {
      checkpoint.places.emplace(tensor, checkpoint.files.size());
    }
    checkpoint.files.emplace_back(index.parent_path() / shard);
  }
  return checkpoint;
}

Checkpoint open_checkpoint(const fs::path& folder) {
  for (const WeightLayout& layout : kWeightLayouts) {
    if (has_file(folder, layout.whole)) {
      Checkpoint checkpoint{folder / layout.whole, {}, {}};
      checkpoint.files.emplace_back(checkpoint.path);
      return checkpoint;
    }
    if (has_file(folder, layout.index)) return open_shards(folder / layout.index);
  }
  throw Error(folder, kNoWeights);
}

DataType data_type(const Checkpoint::Found& found) {
  if (found.tensor->dtype == "F32") return DataType::f32;
  if (found.tensor->dtype == "F16") return DataType::f16;
  if (found.tensor->dtype == "BF16") return DataType::bf16;
  throw Error(found.file->path, fmt::format("tensor '{}'", found.tensor->name),
              fmt::format("is of type {}; weights are F32, F16 or BF16", found.tensor->dtype));
}

// Takes a model's weights out of a checkpoint by the names that its architecture gives them.
class WeightReader {
 public:
  WeightReader(const Checkpoint& checkpoint, const Architecture& architecture)
      : checkpoint_(checkpoint), architecture_(architecture) {
    const std::string words = name_of({Role::word_embeddings}) + ".weight";
    const std::string prefix(architecture.tensor_prefix);
    if (!checkpoint.find(words) && checkpoint.find(prefix + words)) prefix_ = prefix;
  }

  // Many models are saved without their pooler; the spec then says so.
  [[nodiscard]] ModelWeights read(EncoderSpec& spec) const {
    spec.pooler = spec.pooler && checkpoint_.find(name_of({Role::pooler}) + ".weight").has_value();
    ModelWeights weights;
    for (const Slot& slot : slots_of(spec)) weights.add(weight(slot, spec));
    return weights;
  }

 private:
  [[nodiscard]] std::string name_of(const Slot& slot) const {
    const auto known = std::ranges::find(architecture_.names, slot.role, &RoleName::role);
    return prefix_ + fmt::format(fmt::runtime(known->name), slot.layer);
  }

  [[nodiscard]] Weight weight(const Slot& slot, const EncoderSpec& spec) const {
    const std::string name = name_of(slot);
    const std::vector<std::size_t> shape = shape_of(slot.role, spec);
    Weight weight{.role = slot.role, .layer = slot.layer, .weight = {}, .bias = {}};
    std::vector<std::string> weights{name + ".weight"};
    std::vector<std::string> biases{name + ".bias"};
    if (kind_of(slot.role) == RoleKind::layer_norm) {
      // Weights converted from TensorFlow carry its names for the scale and the shift.
      weights.push_back(name + ".gamma");
      biases.push_back(name + ".beta");
    }
    weight.weight = tensor(weights, shape);
    if (has_bias(slot.role, spec)) weight.bias = tensor(biases, {shape.front()});
    return weight;
  }

  // `names`: what the tensor may be called, the usual name first.
  [[nodiscard]] TensorView tensor(const std::vector<std::string>& names,
                                  const std::vector<std::size_t>& shape) const {
    for (const std::string& name : names) {
      if (const auto found = checkpoint_.find(name)) return view(*found, shape);
    }
    checkpoint_.miss(names.front());
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
            .mapped = found.file->is_mapped(stored)};
  }

  const Checkpoint& checkpoint_;
  const Architecture& architecture_;
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
  const ModelConfig config = read_model_config(folder / kConfigFile);
  model.architecture = config.architecture->model_type;
  model.spec = config.spec;
  Checkpoint checkpoint = open_checkpoint(folder);
  model.weights = WeightReader(checkpoint, *config.architecture).read(model.spec);
  auto memory = std::make_shared<std::vector<WeightMemory>>();
  for (WeightFile& file : checkpoint.files) {
    model.weight_files.push_back(std::move(file.path));
    memory->push_back(std::move(file.memory));
  }
  model.mappings = std::move(memory);
  return model;
}

std::string model_sha256(const Model& model) {
  std::set<std::string> names;
  const auto add = [&](const char* name) {
    if (has_file(model.folder, name)) names.insert(name);
  };
  add(kConfigFile);
  for (const WeightLayout& layout : kWeightLayouts) add(layout.index);
  for (const char* const name : kTokenizerFiles) add(name);
  for (const fs::path& file : model.weight_files) names.insert(file.filename());
  Sha256 hash;
  for (const std::string& name : names) {
    hash.update(fmt::format("{}  {}\n", sha256_of_file(model.folder / name), name));
  }
  return hash.finish();
}

}  // namespace normscope

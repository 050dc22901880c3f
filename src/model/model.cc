#include "normscope/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/has_file.h"
#include "base/sha256.h"
#include "model/config.h"
#include "model/model_files.h"
#include "model/modules.h"
#include "model/roles.h"
#include "model/weight_files.h"
#include "normscope/error.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

// Takes a model's weights from its files by the names that its architecture gives them.
class WeightReader {
 public:
  WeightReader(const WeightFiles& files, const ModelConfig& config)
      : files_(files), architecture_(*config.architecture), ties_words_(config.ties_words) {
    const std::string words = full_name(name_of({Role::word_embeddings}), 0) + ".weight";
    if (files.has(words)) return;
    // Below a head all names have the prefix, whichever tensors are missing.
    for (const std::string_view prefix : architecture_.tensor_prefixes) {
      if (!prefix.empty() && files.has_any(prefix)) prefix_ = prefix;
    }
  }

  // Many models are saved without their pooler; the spec then says so.
  [[nodiscard]] ModelWeights read(EncoderSpec& spec) const {
    spec.pooler = spec.pooler && has(name_of({Role::pooler}), 0, ".weight");
    ModelWeights weights;
    for (const Slot& slot : slots_of(spec)) weights.add(weight(slot, spec));
    return weights;
  }

 private:
  [[nodiscard]] std::string full_name(const RoleName& known, std::size_t layer) const {
    return prefix_ + fmt::format(fmt::runtime(known.name), layer);
  }

  [[nodiscard]] bool has(const RoleName& known, std::size_t layer, std::string_view ending) const {
    return files_.has(full_name(known, layer).append(ending));
  }

  // The role's first name that is in the files, or else its first name.
  [[nodiscard]] const RoleName& name_of(const Slot& slot) const {
    const auto& names = architecture_.names;
    const auto is_known = [&](const RoleName& known) { return known.role == slot.role; };
    const auto first = std::find_if(names.begin(), names.end(), is_known);
    const auto stored = std::find_if(first, names.end(), [&](const RoleName& known) {
      return is_known(known) && has(known, slot.layer, ".weight");
    });
    return stored == names.end() ? *first : *stored;
  }

  [[nodiscard]] Weight weight(const Slot& slot, const EncoderSpec& spec) const {
    const RoleName& known = name_of(slot);
    const std::string name = full_name(known, slot.layer);
    const std::vector<std::size_t> shape = shape_of(slot.role, spec);
    Weight weight{.role = slot.role, .layer = slot.layer, .weight = {}, .bias = {}};
    std::vector<std::string> weights{name + ".weight"};
    std::vector<std::string> biases{name + ".bias"};
    if (kind_of(slot.role) == RoleKind::layer_norm) {
      // Weights converted from TensorFlow carry its names for the scale and the shift.
      weights.push_back(name + ".gamma");
      biases.push_back(name + ".beta");
    }
    // A head that predicts words shares their embeddings, and may be stored in their place.
    if (slot.role == Role::word_embeddings && ties_words_ && !architecture_.tied_words.empty()) {
      weights.emplace_back(architecture_.tied_words);
    }
    const RowPart part{known.part, known.parts};
    weight.weight = files_.tensor(weights, shape, part);
    if (has_bias(slot.role, spec)) weight.bias = files_.tensor(biases, {shape.front()}, part);
    return weight;
  }

  const WeightFiles& files_;
  const Architecture& architecture_;
  bool ties_words_;
  std::string prefix_;
};

// Files of the encoder, its weights and its tokenizer, as paths from the model's folder.
std::vector<std::string> files_of(const Model& model, const WeightFiles& weights) {
  std::vector<std::string> names{kConfigFile};
  std::ranges::copy(weights.all_files(), std::back_inserter(names));
  for (const char* const name : kTokenizerFiles) {
    if (has_file(model.encoder_folder / name)) names.emplace_back(name);
  }
  if (model.encoder_folder == model.folder) return names;
  for (std::string& name : names) {
    name = (model.encoder_folder / name).lexically_relative(model.folder);
  }
  names.emplace_back(kModulesFile);
  return names;
}

}  // namespace

Model load_model(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw Error(folder, error ? error.message() : "is not a folder");
  }
  Model model;
  model.folder = folder;
  model.encoder_folder = encoder_folder(folder);
  // With one, AutoModel reads another model's weights and changes them.
  if (has_file(model.encoder_folder / kAdapterFile)) {
    throw Error(model.encoder_folder / kAdapterFile, "adapters are not supported");
  }
  const ModelConfig config = read_model_config(model.encoder_folder / kConfigFile);
  model.architecture = config.architecture->model_type;
  model.spec = config.spec;
  const WeightFiles weights(model.encoder_folder);
  model.weights = WeightReader(weights, config).read(model.spec);
  model.mappings = weights.memory();
  for (const std::string& name : weights.weight_files()) {
    model.weight_files.push_back(model.encoder_folder / name);
  }
  model.files = files_of(model, weights);
  return model;
}

std::string model_sha256(const Model& model) {
  Sha256 hash;
  for (const std::string& name : std::set<std::string>(model.files.begin(), model.files.end())) {
    hash.update(fmt::format("{}  {}\n", sha256_of_file(model.folder / name), name));
  }
  return hash.finish();
}

}  // namespace normscope

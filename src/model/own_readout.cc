#include "normscope/own_readout.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "model/model_files.h"
#include "model/modules.h"
#include "model/pooling_config.h"
#include "model/prompts.h"
#include "model/readout_layers.h"
#include "model/sentence_config.h"
#include "normscope/error.h"
#include "normscope/model.h"

namespace normscope {
namespace {

// Makes the readout from the modules after the Transformer, one by one.
class ReadoutReader {
 public:
  explicit ReadoutReader(const Model& model) : model_(model) {
    readout_.width = model.spec.hidden_size;
  }

  void read(std::span<const Module> modules) {
    for (std::size_t i = 0; i < modules.size(); ++i) {
      const Module& module = modules[i];
      if (module.is_foreign()) {
        fail(i, module, "is code of the model's own, which is never run");
      }
      if (i > 0 && has_config(module) && module.path == modules.front().path) {
        fail(i, module, "has the encoder's folder, where the encoder's config.json is");
      }
      const bool known = i == 0 ? module.name() == "Transformer"
                                : (module.name() == "Pooling") == (i == 1) && read(module);
      if (!known) {
        fail(i, module,
             "is not supported there: only a Transformer, Pooling and then Dense, LayerNorm and "
             "Normalize are");
      }
    }
    if (modules.size() < 2) {
      throw Error(model_.folder / kModulesFile, "lists no Pooling, so it makes no sentence vector");
    }
    // Only a Normalize that comes last is left out.
    while (!readout_.layers.empty() &&
           std::holds_alternative<NormalizeLayer>(readout_.layers.back())) {
      readout_.layers.pop_back();
      readout_.normalizes = true;
    }
  }

  [[nodiscard]] OwnReadout readout() && { return std::move(readout_); }
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

 private:
  [[noreturn]] void fail(std::size_t place, const Module& module, std::string_view reason) const {
    throw Error(model_.folder / kModulesFile, fmt::format("module {}", place),
                fmt::format("{} {}", module.type, reason));
  }

  static bool has_config(const Module& module) {
    return module.name() != "Normalize" && module.name() != "Dropout";
  }

  // Whether the module is supported.
  bool read(const Module& module) {
    const std::filesystem::path folder = model_.folder / module.path;
    std::vector<std::string> files;
    if (module.name() == "Pooling") {
      PoolingConfig config = read_pooling_config(folder / kConfigFile, readout_.width);
      readout_.poolings = std::move(config.poolings);
      readout_.includes_prompt = config.includes_prompt;
      readout_.width *= readout_.poolings.size();
      files.emplace_back(kConfigFile);
    } else if (module.name() == "Dense") {
      DenseLayer dense = read_dense(folder, readout_.width, files);
      readout_.width = dense.outputs;
      readout_.layers.emplace_back(std::move(dense));
    } else if (module.name() == "LayerNorm") {
      readout_.layers.emplace_back(read_layer_norm(folder, readout_.width, files));
    } else if (module.name() == "Normalize") {
      readout_.layers.emplace_back(read_normalize(folder, files));
    } else {
      // Dropout does nothing outside training.
      return module.name() == "Dropout";
    }
    for (const std::string& file : files) files_.push_back(module.file(file));
    return true;
  }

  const Model& model_;
  OwnReadout readout_;
  std::vector<std::string> files_;
};

// Refuses what encode() of sentence-transformers would do and we do not.
void refuse_other_models(const Model& model, const SentenceConfig& config) {
  const PromptsFile file = read_prompts(model.folder);
  if (!file.model_type.empty() && file.model_type != "SentenceTransformer") {
    throw Error(model.folder / kPromptsFile, "model_type",
                fmt::format("{} is not supported, only SentenceTransformer is", file.model_type));
  }
  if (file.truncates_vectors) {
    throw Error(model.folder / kPromptsFile, "truncate_dim", "is not supported");
  }
  if (config.counts && !config.unsupported.empty()) {
    throw Error(model.folder / config.file, config.unsupported, "is not supported");
  }
}

std::string name_of(const DenseLayer& dense) {
  return fmt::format("Dense {} to {} ({})", dense.inputs, dense.outputs, name(dense.activation));
}
std::string name_of(const LayerNormLayer& /*layer*/) { return "LayerNorm"; }
std::string name_of(const NormalizeLayer& /*layer*/) { return "Normalize"; }

}  // namespace

std::string_view name(Pooling pooling) {
  switch (pooling) {
    case Pooling::cls:
      return "cls";
    case Pooling::max:
      return "max";
    case Pooling::mean:
      return "mean";
    case Pooling::mean_sqrt_len_tokens:
      return "mean_sqrt_len_tokens";
    case Pooling::weightedmean:
      return "weightedmean";
    case Pooling::lasttoken:
      return "lasttoken";
  }
  return "";
}

std::string_view name(DenseActivation activation) {
  switch (activation) {
    case DenseActivation::identity:
      return "identity";
    case DenseActivation::tanh:
      return "tanh";
    case DenseActivation::relu:
      return "relu";
    case DenseActivation::gelu:
      return "gelu";
    case DenseActivation::sigmoid:
      return "sigmoid";
  }
  return "";
}

std::string name(const ReadoutLayer& layer) {
  return std::visit([](const auto& of) { return name_of(of); }, layer);
}

void load_own_readout(Model& model) {
  const SentenceConfig config = read_sentence_config(model.folder);
  refuse_other_models(model, config);
  const std::vector<Module> modules = read_modules(model.folder);
  ReadoutReader reader(model);
  if (!modules.empty()) {
    reader.read(modules);
    model.files.emplace_back(kModulesFile);
    model.files.insert(model.files.end(), reader.files().begin(), reader.files().end());
  }
  if (config.counts) model.files.push_back(config.file);
  model.own_readout = std::move(reader).readout();
}

}  // namespace normscope

#include "model/readout_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/has_file.h"
#include "model/config_reader.h"
#include "model/model_files.h"
#include "model/weight_files.h"

namespace normscope {
namespace {

// By the last part of the name of PyTorch's class.
constexpr std::array<std::pair<std::string_view, DenseActivation>, 5> kDenseActivations{
    {{"Identity", DenseActivation::identity},
     {"Tanh", DenseActivation::tanh},
     {"ReLU", DenseActivation::relu},
     {"GELU", DenseActivation::gelu},
     {"Sigmoid", DenseActivation::sigmoid}}};

DenseActivation dense_activation(const ConfigReader& config) {
  constexpr const char* kKey = "activation_function";
  if (config.is_null(kKey)) config.fail(kKey, "is null");
  const std::string name = config.text(kKey).value_or("torch.nn.modules.activation.Tanh");
  if (name.starts_with("torch.nn.")) {
    const std::string_view last = std::string_view(name).substr(name.rfind('.') + 1);
    for (const auto& [known, activation] : kDenseActivations) {
      if (last == known) return activation;
    }
  }
  config.fail(kKey, fmt::format("{} is not supported, only Identity, Tanh, ReLU, GELU and Sigmoid "
                                "of torch.nn are",
                                name));
}

// Newer modules may take another of the values that modules pass to each other.
void check_place(const ConfigReader& config) {
  constexpr const char* kSentence = "sentence_embedding";
  for (const char* const key : {"module_input_name", "module_output_name"}) {
    const std::string name = config.text(key).value_or(kSentence);
    if (name != kSentence) {
      config.fail(key, fmt::format("{} is not supported, only {} is", name, kSentence));
    }
  }
}

void check_width(const ConfigReader& config, const char* key, std::size_t width) {
  if (const std::size_t said = config.width(key); said != width) {
    config.fail(key, fmt::format("is {}, where the vectors that come in have {}", said, width));
  }
}

std::vector<float> floats(const WeightFiles& weights, const std::string& name,
                          const std::vector<std::size_t>& shape) {
  const TensorView tensor = weights.tensor(std::array{name}, shape);
  std::vector<float> values(tensor.size());
  tensor.read(0, values);
  return values;
}

void add_files(const WeightFiles& weights, std::vector<std::string>& files) {
  files.emplace_back(kConfigFile);
  std::ranges::copy(weights.all_files(), std::back_inserter(files));
}

}  // namespace

DenseLayer read_dense(const std::filesystem::path& folder, std::size_t width,
                      std::vector<std::string>& files) {
  const ConfigReader config(folder / kConfigFile);
  check_place(config);
  check_width(config, "in_features", width);
  if (config.flag("use_residual")) config.fail("use_residual", "is not supported");
  DenseLayer dense{.inputs = width, .outputs = config.width("out_features")};
  dense.activation = dense_activation(config);
  const WeightFiles weights(folder);
  dense.weight = floats(weights, "linear.weight", {dense.outputs, dense.inputs});
  if (config.flag("bias", true)) dense.bias = floats(weights, "linear.bias", {dense.outputs});
  add_files(weights, files);
  return dense;
}

LayerNormLayer read_layer_norm(const std::filesystem::path& folder, std::size_t width,
                               std::vector<std::string>& files) {
  const ConfigReader config(folder / kConfigFile);
  check_width(config, "dimension", width);
  const WeightFiles weights(folder);
  LayerNormLayer norm{.scale = floats(weights, "norm.weight", {width}),
                      .shift = floats(weights, "norm.bias", {width})};
  add_files(weights, files);
  return norm;
}

NormalizeLayer read_normalize(const std::filesystem::path& folder,
                              std::vector<std::string>& files) {
  if (has_file(folder / kConfigFile)) {
    check_place(ConfigReader(folder / kConfigFile));
    files.emplace_back(kConfigFile);
  }
  return {};
}

}  // namespace normscope

#include "model/config.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "files/json_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using nlohmann::json;

// Far above every model there is, and small enough that no product of sizes overflows 64 bits.
constexpr std::size_t kMaxLayers = 1U << 10;
constexpr std::size_t kMaxWidth = 1U << 20;
constexpr std::size_t kMaxRows = 1U << 30;

// The names of transformers' ACT2FN. gelu_pytorch_tanh, gelu_accurate and gelu_fast are gelu_new
// with its constants written otherwise: the same function to less than an f32 rounding.
constexpr std::array<std::pair<std::string_view, Activation>, 7> kActivations{{
    {"gelu", Activation::gelu},
    {"gelu_python", Activation::gelu},
    {"gelu_new", Activation::gelu_new},
    {"gelu_pytorch_tanh", Activation::gelu_new},
    {"gelu_accurate", Activation::gelu_new},
    {"gelu_fast", Activation::gelu_new},
    {"relu", Activation::relu},
}};

class ConfigReader {
 public:
  explicit ConfigReader(const std::filesystem::path& path)
      : path_(path), json_(read_json_object(path)) {}

  [[nodiscard]] std::size_t size(const std::string& key, std::size_t maximum,
                                 std::optional<std::size_t> fallback = std::nullopt) const {
    const json* const value = find(key);
    if (value == nullptr) {
      if (fallback) return *fallback;
      fail(key, "is missing");
    }
    if (!value->is_number_unsigned() || *value == 0U) {
      fail(key, fmt::format("is {}, not a positive whole number", describe(*value)));
    }
    const auto number = value->get<std::uint64_t>();
    if (number > maximum) fail(key, fmt::format("is {}, more than {}", number, maximum));
    return number;
  }

  [[nodiscard]] float epsilon(const std::string& key, float fallback) const {
    const json* const value = find(key);
    if (value == nullptr) return fallback;
    if (!value->is_number()) fail(key, fmt::format("is {}, not a number", describe(*value)));
    const double number = value->get<double>();
    const auto narrow = static_cast<float>(number);
    if (!(narrow > 0) || !(number < 1)) {
      fail(key, fmt::format("is {}, not between 0 and 1", number));
    }
    return narrow;
  }

  [[nodiscard]] std::string text(const std::string& key, std::string fallback) const {
    const json* const value = find(key);
    if (value == nullptr) return fallback;
    if (!value->is_string()) fail(key, fmt::format("is {}, not a string", describe(*value)));
    return value->get<std::string>();
  }

  [[nodiscard]] bool flag(const std::string& key) const {
    const json* const value = find(key);
    if (value == nullptr) return false;
    if (!value->is_boolean()) fail(key, fmt::format("is {}, not true or false", describe(*value)));
    return value->get<bool>();
  }

  [[nodiscard]] std::vector<std::string> texts(const std::string& key) const {
    const json* const value = find(key);
    if (value == nullptr) return {};
    if (!value->is_array()) fail(key, fmt::format("is {}, not a list", describe(*value)));
    std::vector<std::string> list;
    for (const json& element : *value) {
      if (!element.is_string()) fail(key, "is not a list of strings");
      list.push_back(element.get<std::string>());
    }
    return list;
  }

  [[noreturn]] void fail(const std::string& key, const std::string& reason) const {
    throw Error(path_, key, reason);
  }

 private:
  // Python writes null for "not given".
  [[nodiscard]] const json* find(const std::string& key) const {
    const auto value = json_.find(key);
    return value == json_.end() || value->is_null() ? nullptr : &*value;
  }

  static std::string describe(const json& value) {
    return value.is_number() ? value.dump() : fmt::format("of type {}", value.type_name());
  }

  std::filesystem::path path_;
  json json_;
};

// A BertModel, alone or below one of transformers' heads: BertModel, BertForMaskedLM …
bool is_bert(std::string_view architecture) {
  return architecture == "BertModel" || architecture == "BertLMHeadModel" ||
         architecture.starts_with("BertFor");
}

void check_architecture(const ConfigReader& config) {
  if (const std::string type = config.text("model_type", "bert"); type != "bert") {
    config.fail("model_type", fmt::format("{} is not supported, only bert is", type));
  }
  for (const std::string& architecture : config.texts("architectures")) {
    if (!is_bert(architecture)) {
      config.fail("architectures",
                  fmt::format("{} is not supported, only BertModel is", architecture));
    }
  }
  if (const std::string type = config.text("position_embedding_type", "absolute");
      type != "absolute") {
    config.fail("position_embedding_type",
                fmt::format("{} is not supported, only absolute is", type));
  }
  for (const char* const key : {"is_decoder", "add_cross_attention"}) {
    if (config.flag(key)) config.fail(key, "a decoder is not supported, only an encoder is");
  }
}

Activation read_activation(const ConfigReader& config) {
  const std::string name = config.text("hidden_act", "gelu");
  for (const auto& [known, activation] : kActivations) {
    if (name == known) return activation;
  }
  config.fail("hidden_act",
              fmt::format("{} is not supported, only gelu, gelu_new and relu are", name));
}

}  // namespace

ModelConfig read_model_config(const std::filesystem::path& path) {
  const ConfigReader reader(path);
  check_architecture(reader);
  ModelConfig config;
  config.hidden_size = reader.size("hidden_size", kMaxWidth);
  config.layers = reader.size("num_hidden_layers", kMaxLayers);
  config.heads = reader.size("num_attention_heads", kMaxWidth);
  config.intermediate_size = reader.size("intermediate_size", kMaxWidth);
  config.vocabulary_size = reader.size("vocab_size", kMaxRows);
  config.max_positions = reader.size("max_position_embeddings", kMaxRows);
  config.token_types = reader.size("type_vocab_size", kMaxRows, 2);
  config.layer_norm_epsilon = reader.epsilon("layer_norm_eps", 1e-12F);
  config.activation = read_activation(reader);
  if (config.hidden_size % config.heads != 0) {
    reader.fail("num_attention_heads",
                fmt::format("{} does not divide hidden_size {}", config.heads, config.hidden_size));
  }
  return config;
}

}  // namespace normscope

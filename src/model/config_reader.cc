#include "model/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/json_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using nlohmann::json;

// Far more than in any existing model, and small enough that no product of sizes overflows 64 bits.
constexpr std::size_t kMaxLayers = 1U << 10;
constexpr std::size_t kMaxWidth = 1U << 20;
constexpr std::size_t kMaxRows = 1U << 30;

// The names of transformers' ACT2FN, our own first. gelu_pytorch_tanh, gelu_accurate and gelu_fast
// are gelu_new with its constants written differently: the same function to within less than an f32
// rounding.
constexpr std::array<std::pair<std::string_view, Activation>, 9> kActivations{{
    {"gelu", Activation::gelu},
    {"gelu_python", Activation::gelu},
    {"gelu_new", Activation::gelu_new},
    {"gelu_pytorch_tanh", Activation::gelu_new},
    {"gelu_accurate", Activation::gelu_new},
    {"gelu_fast", Activation::gelu_new},
    {"relu", Activation::relu},
    {"silu", Activation::silu},
    {"swish", Activation::silu},
}};

std::string describe(const json& value) {
  return value.is_number() ? value.dump() : fmt::format("of type {}", value.type_name());
}

}  // namespace

std::string_view name(Activation activation) {
  return std::ranges::find(kActivations, activation, [](const auto& known) { return known.second; })
      ->first;
}

std::string_view name(NormPlace place) { return place == NormPlace::before ? "before" : "after"; }

ConfigReader::ConfigReader(const std::filesystem::path& path)
    : path_(path), json_(read_json_object(path)) {}

ConfigReader::ConfigReader(std::filesystem::path path, std::string place, json json)
    : path_(std::move(path)), place_(std::move(place)), json_(std::move(json)) {}

std::size_t ConfigReader::layers(const std::string& key) const {
  return size(key, kMaxLayers, std::nullopt);
}

std::size_t ConfigReader::width(const std::string& key) const {
  return size(key, kMaxWidth, std::nullopt);
}

std::size_t ConfigReader::rows(const std::string& key, std::optional<std::size_t> fallback) const {
  return size(key, kMaxRows, fallback);
}

std::optional<std::size_t> ConfigReader::rows_if_any(const std::string& key) const {
  const json* const value = find(key);
  if (value == nullptr || (value->is_number_integer() && *value < 1)) return std::nullopt;
  return rows(key);
}

std::size_t ConfigReader::size(const std::string& key, std::size_t maximum,
                               std::optional<std::size_t> fallback) const {
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

std::size_t ConfigReader::index(const std::string& key, std::size_t fallback) const {
  const json* const value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number_unsigned()) {
    fail(key, fmt::format("is {}, not a whole number from 0 on", describe(*value)));
  }
  return value->get<std::size_t>();
}

float ConfigReader::epsilon(const std::string& key, float fallback) const {
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

Activation ConfigReader::activation(const std::string& key, const std::string& fallback) const {
  const std::string name = text(key).value_or(fallback);
  for (const auto& [known, activation] : kActivations) {
    if (name == known) return activation;
  }
  fail(key, fmt::format("{} is not supported, only gelu, gelu_new, relu and silu are", name));
}

double ConfigReader::positive(const std::string& key, double fallback) const {
  const json* const value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number()) fail(key, fmt::format("is {}, not a number", describe(*value)));
  const double number = value->get<double>();
  if (!(static_cast<float>(number) > 0) || std::isinf(static_cast<float>(number))) {
    fail(key, fmt::format("is {}, not a positive number of 32 bits", number));
  }
  return number;
}

bool ConfigReader::flag(const std::string& key, bool fallback) const {
  const json* const value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_number_integer() && (*value == 0 || *value == 1)) return *value == 1;
  if (!value->is_boolean()) fail(key, fmt::format("is {}, not true or false", describe(*value)));
  return value->get<bool>();
}

std::optional<std::string> ConfigReader::text(const std::string& key) const {
  const json* const value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) fail(key, fmt::format("is {}, not a string", describe(*value)));
  return value->get<std::string>();
}

std::vector<std::string> ConfigReader::texts(const std::string& key) const {
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

std::optional<ConfigReader> ConfigReader::object(const std::string& key) const {
  const json* const value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) fail(key, fmt::format("is {}, not an object", describe(*value)));
  return ConfigReader(path_, place_ + key + ".", *value);
}

bool ConfigReader::is_null(const std::string& key) const {
  const auto value = json_.find(key);
  return value != json_.end() && value->is_null();
}

std::vector<std::string> ConfigReader::texts_or_joined(const std::string& key) const {
  const json* const value = find(key);
  if (value == nullptr || !value->is_string()) return texts(key);
  std::vector<std::string> list(1);
  for (const char character : value->get<std::string>()) {
    if (character == '|') {
      list.emplace_back();
    } else if (character != ' ') {
      list.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    }
  }
  return list;
}

std::vector<std::string> ConfigReader::text_or_texts(const std::string& key) const {
  const json* const value = find(key);
  if (value != nullptr && value->is_string()) return {value->get<std::string>()};
  return texts(key);
}

void ConfigReader::fail(const std::string& key, const std::string& reason) const {
  throw Error(path_, place_ + key, reason);
}

const json* ConfigReader::find(const std::string& key) const {
  const auto value = json_.find(key);
  return value == json_.end() || value->is_null() ? nullptr : &*value;
}

}  // namespace normscope

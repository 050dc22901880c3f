#include "model/sentence_config.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/has_file.h"
#include "base/json_file.h"
#include "model/config_reader.h"
#include "model/model_files.h"
#include "model/modules.h"

namespace normscope {
namespace {

using nlohmann::json;

constexpr const char* kLength = "max_seq_length";
constexpr const char* kLowerCase = "do_lower_case";

/// Arguments for loading the encoder and the tokenizer, and those among them that change no vector.
constexpr std::array<std::string_view, 6> kArguments{"model_args",     "model_kwargs",
                                                     "tokenizer_args", "processor_kwargs",
                                                     "config_args",    "config_kwargs"};
constexpr std::array<std::string_view, 13> kHarmlessArguments{"add_pooling_layer",
                                                              "attn_implementation",
                                                              "cache_dir",
                                                              "device_map",
                                                              "dtype",
                                                              "local_files_only",
                                                              "low_cpu_mem_usage",
                                                              "revision",
                                                              "token",
                                                              "torch_dtype",
                                                              "trust_remote_code",
                                                              "use_fast",
                                                              "use_safetensors"};

bool is_empty(const json& value) {
  return value.is_null() || (value.is_structured() && value.empty());
}

bool is_harmless(const std::string& argument) {
  return std::ranges::find(kHarmlessArguments, argument) != kHarmlessArguments.end();
}

/// Whether a key has the value with which encode() does what it does without the key.
bool is_usual(const std::string& key, const json& value) {
  if (is_empty(value) || key == kLength || key == kLowerCase || key == "unpad_inputs") return true;
  if (key == "transformer_task") return value == "feature-extraction";
  if (key == "module_output_name") return value == "token_embeddings";
  if (key == "modality_config") {
    return value.is_object() && value.contains("text") &&
           value["text"] ==
               json{{"method", "forward"}, {"method_output_name", "last_hidden_state"}};
  }
  if (std::ranges::find(kArguments, key) == kArguments.end() || !value.is_object()) return false;
  return std::ranges::all_of(value.items(),
                             [](const auto& argument) { return is_harmless(argument.key()); });
}

}  // namespace

SentenceConfig read_sentence_config(const std::filesystem::path& folder) {
  const std::vector<Module> modules = read_modules(folder);
  const Module encoder = encoder_of(modules);
  for (const char* const name : kSentenceFiles) {
    SentenceConfig read;
    read.file = encoder.file(name);
    read.counts = !modules.empty();
    if (!has_file(folder / read.file)) continue;
    const json content = read_json_object(folder / read.file);
    const ConfigReader config(folder / read.file, {}, content);
    if (config.has(kLength)) read.max_length = config.rows(kLength);
    read.lower_case = config.flag(kLowerCase);
    for (const auto& [key, value] : content.items()) {
      if (!is_usual(key, value)) read.unsupported = key;
    }
    return read;
  }
  return {};
}

}  // namespace normscope

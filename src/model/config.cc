#include "model/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/architectures/registry.h"
#include "model/config_reader.h"

namespace normscope {
namespace {

std::string known_types() {
  std::vector<std::string_view> types;
  for (const Architecture* known : architectures()) types.push_back(known->model_type);
  return fmt::format("{}", fmt::join(types, ", "));
}

// One of the architecture's classes: BertModel, or below one of transformers' heads BertForMaskedLM
// …
bool is_of(const Architecture& architecture, std::string_view name) {
  if (!name.starts_with(architecture.class_prefix)) return false;
  name.remove_prefix(architecture.class_prefix.size());
  return name == "Model" || name == "LMHeadModel" || name.starts_with("For");
}

const Architecture& architecture_of(const ConfigReader& config) {
  const std::vector<std::string> classes = config.texts("architectures");
  if (const std::optional<std::string> type = config.text("model_type")) {
    for (const Architecture* known : architectures()) {
      if (*type == known->model_type) return *known;
    }
    config.fail("model_type",
                fmt::format("{} is not supported (supported: {})", *type, known_types()));
  }
  // Configs of 2019 name neither a type nor a class; their models are BERT models.
  if (classes.empty()) return *architectures().front();
  for (const Architecture* known : architectures()) {
    if (is_of(*known, classes.front())) return *known;
  }
  config.fail("architectures",
              fmt::format("{} is not supported, and there is no model_type (supported: {})",
                          classes.front(), known_types()));
}

}  // namespace

ModelConfig read_model_config(const std::filesystem::path& path) {
  const ConfigReader reader(path);
  const Architecture& architecture = architecture_of(reader);
  return {.architecture = &architecture,
          .spec = architecture.read_spec(reader),
          .ties_words = reader.flag("tie_word_embeddings", true)};
}

}  // namespace normscope

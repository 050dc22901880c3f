#include "model/prompts.h"

#include <nlohmann/json.hpp>

#include "base/has_file.h"
#include "base/json_file.h"
#include "model/config_reader.h"
#include "model/model_files.h"
#include "normscope/error.h"

namespace normscope {

std::optional<std::string> PromptsFile::find(const std::string& name) const {
  if (const auto found = prompts.find(name); found != prompts.end()) return found->second;
  if (name == "query" || name == "document") return "";
  return std::nullopt;
}

PromptsFile read_prompts(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kPromptsFile;
  if (!has_file(file)) return {};
  const nlohmann::json json = read_json_object(file);
  const ConfigReader config(file, {}, json);
  PromptsFile read{.prompts = {},
                   .default_name = config.text("default_prompt_name"),
                   .model_type = config.text("model_type").value_or(""),
                   .truncates_vectors = config.has("truncate_dim")};
  const auto prompts = json.find("prompts");
  if (prompts == json.end() || prompts->is_null()) return read;
  if (!prompts->is_object()) throw Error(file, "prompts", "is not an object");
  for (const auto& [name, prompt] : prompts->items()) {
    if (!prompt.is_null() && !prompt.is_string()) {
      throw Error(file, "prompts", "the prompt of a name is not a string");
    }
    read.prompts.emplace(name, prompt.is_null() ? "" : prompt.get<std::string>());
  }
  return read;
}

}  // namespace normscope

#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace normscope {

/// The content of config_sentence_transformers.json: the prompts that a model was trained with, and
/// whether its folder is a sentence encoder at all.
struct PromptsFile {
  /// By their names.
  std::map<std::string, std::string> prompts;
  /// The prompt of a name. "query" and "document" always exist, empty if the file has none.
  [[nodiscard]] std::optional<std::string> find(const std::string& name) const;

  /// The name of the prompt that encode() uses if none is asked for.
  std::optional<std::string> default_name;
  /// "SentenceTransformer", or another kind of model; empty if it does not say.
  std::string model_type;
  /// Whether encode() returns only the first numbers of the vector.
  bool truncates_vectors = false;
};

/// Empty if the folder has no such file. Throws Error.
PromptsFile read_prompts(const std::filesystem::path& folder);

}  // namespace normscope

#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/added_tokens.h"
#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// The files that say more about a tokenizer: tokenizer_config.json, special_tokens_map.json,
/// added_tokens.json and, only for the kind of model, config.json. Each may be missing.
class ConfigFiles {
 public:
  /// Throws Error.
  explicit ConfigFiles(const std::filesystem::path& folder);

  /// The tokenizer's class in transformers, without "Fast", that AutoTokenizer would take; empty if
  /// no file says.
  [[nodiscard]] std::string tokenizer_class() const;

  /// A setting of tokenizer_config.json.
  [[nodiscard]] JsonNode setting(const std::string& key) const;
  [[nodiscard]] const std::filesystem::path& settings_file() const { return settings_file_; }

  /// A special token by its name, e.g. "cls_token".
  [[nodiscard]] std::optional<AddedToken> special_token(const std::string& key) const;
  /// Whether the settings say that there is no special token of this name.
  [[nodiscard]] bool has_no(const std::string& key) const;
  /// Those without a name.
  [[nodiscard]] std::vector<AddedToken> other_special_tokens() const;

  /// The tokens that the files add to a vocabulary, with the ids in the files: those of
  /// tokenizer_config.json if it lists any, else those of added_tokens.json and `of_file`, which
  /// are tokenizer.json's.
  [[nodiscard]] std::map<TokenId, AddedToken> added_tokens(
      const std::vector<AddedToken>& of_file) const;

 private:
  [[nodiscard]] bool lists_added_tokens() const;
  [[nodiscard]] std::vector<AddedToken> extra_special_tokens() const;

  std::filesystem::path settings_file_;
  nlohmann::json settings_;
  std::filesystem::path special_file_;
  nlohmann::json special_;
  std::filesystem::path added_file_;
  nlohmann::json added_;
  std::filesystem::path model_file_;
  nlohmann::json model_;
};

}  // namespace normscope::tokenizer

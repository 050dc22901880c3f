#include "tokenizer/config_files.h"

#include <algorithm>
#include <utility>

#include "base/has_file.h"
#include "base/json_file.h"

namespace normscope::tokenizer {
namespace {

nlohmann::json read_if_there(const std::filesystem::path& file) {
  return has_file(file) ? read_json_object(file) : nlohmann::json::object();
}

// A string, which is special, or an object.
AddedToken read_token(const JsonNode& node, bool special) {
  if (!node.is_object()) return {.content = node.string(), .special = true};
  return read_added_token(node, special);
}

// From a list, or from an object of names and tokens. An object among them is special only if it
// says so.
void append_tokens(const JsonNode& node, std::vector<AddedToken>& tokens) {
  if (node.is_null()) return;
  if (!node.is_object()) {
    for (const JsonNode& token : node.items()) tokens.push_back(read_token(token, false));
    return;
  }
  for (const auto& [name, token] : node.json().items()) {
    tokens.push_back(read_token(node.child(name, token), false));
  }
}

}  // namespace

ConfigFiles::ConfigFiles(const std::filesystem::path& folder)
    : settings_file_(folder / "tokenizer_config.json"),
      settings_(read_if_there(settings_file_)),
      special_file_(folder / "special_tokens_map.json"),
      special_(read_if_there(special_file_)),
      added_file_(folder / "added_tokens.json"),
      added_(read_if_there(added_file_)),
      model_file_(folder / "config.json"),
      model_(read_if_there(model_file_)) {}

JsonNode ConfigFiles::setting(const std::string& key) const {
  return JsonNode(settings_file_, settings_).at(key);
}

std::string ConfigFiles::tokenizer_class() const {
  const JsonNode model(model_file_, model_);
  std::string name =
      setting("tokenizer_class").string_or(model.at("tokenizer_class").string_or(""));
  constexpr std::string_view kFast = "Fast";
  if (name.ends_with(kFast)) name.resize(name.size() - kFast.size());
  constexpr std::pair<std::string_view, std::string_view> kOfModels[] = {
      {"albert", "AlbertTokenizer"},         {"bert", "BertTokenizer"},
      {"camembert", "CamembertTokenizer"},   {"deberta-v2", "DebertaV2Tokenizer"},
      {"distilbert", "BertTokenizer"},       {"electra", "BertTokenizer"},
      {"gte", "XLMRobertaTokenizer"},        {"jina_embeddings_v3", "XLMRobertaTokenizer"},
      {"modernbert", "TokenizersBackend"},   {"mpnet", "MPNetTokenizer"},
      {"nomic_bert", "BertTokenizer"},       {"roberta", "RobertaTokenizer"},
      {"xlm-roberta", "XLMRobertaTokenizer"}};
  const JsonNode type = model.at("model_type");
  for (const auto& [of, registered] : kOfModels) {
    if (type.is_null() || type.string() != of) continue;
    // The reference knows that ModernBERT's files name the wrong class.
    if (name.empty() || registered == "TokenizersBackend") return std::string(registered);
  }
  return name;
}

bool ConfigFiles::lists_added_tokens() const { return !setting("added_tokens_decoder").is_null(); }

std::optional<AddedToken> ConfigFiles::special_token(const std::string& key) const {
  if (!lists_added_tokens()) {
    const JsonNode of_map = JsonNode(special_file_, special_).at(key);
    if (!of_map.is_null()) return read_token(of_map, true);
  }
  const JsonNode of_settings = setting(key);
  if (of_settings.is_null()) return std::nullopt;
  return read_token(of_settings, true);
}

bool ConfigFiles::has_no(const std::string& key) const {
  return settings_.contains(key) && settings_.at(key).is_null() && !special_token(key);
}

std::vector<AddedToken> ConfigFiles::extra_special_tokens() const {
  std::vector<AddedToken> tokens;
  for (const char* key : {"extra_special_tokens", "additional_special_tokens"}) {
    append_tokens(setting(key), tokens);
  }
  if (!lists_added_tokens()) {
    append_tokens(JsonNode(special_file_, special_).at("extra_special_tokens"), tokens);
  }
  return tokens;
}

std::vector<AddedToken> ConfigFiles::other_special_tokens() const {
  std::vector<AddedToken> tokens = extra_special_tokens();
  // The older name in the older file counts only if nothing else lists any.
  if (!lists_added_tokens() && tokens.empty()) {
    append_tokens(JsonNode(special_file_, special_).at("additional_special_tokens"), tokens);
  }
  return tokens;
}

std::map<TokenId, AddedToken> ConfigFiles::added_tokens(
    const std::vector<AddedToken>& of_file) const {
  std::map<TokenId, AddedToken> tokens;
  if (lists_added_tokens()) {
    const JsonNode list = setting("added_tokens_decoder");
    if (!list.is_object()) list.fail("is not an object");
    for (const auto& [id, token] : list.json().items()) {
      const JsonNode node = list.child(id, token);
      const nlohmann::json number =
          id.empty() || id.size() > 9 || id.find_first_not_of("0123456789") != std::string::npos
              ? nlohmann::json(id)
              : nlohmann::json(std::stoll(id));
      const TokenId at = list.child(id, number).token_id();
      tokens[at] = read_added_token(node, false);
      tokens[at].id = at;
    }
    return tokens;
  }
  // The reference ignores additional_special_tokens of special_tokens_map.json here.
  std::vector<AddedToken> special = extra_special_tokens();
  for (const char* key : kSpecialTokens) {
    if (std::optional<AddedToken> token = special_token(key)) special.push_back(*std::move(token));
  }
  for (const auto& [content, id] : added_.items()) {
    const bool is_special =
        std::any_of(special.begin(), special.end(),
                    [&content = content](const AddedToken& of) { return of.content == content; });
    const TokenId at = JsonNode(added_file_, added_).child(content, id).token_id();
    tokens[at] = {.content = content, .id = at, .normalized = !is_special, .special = is_special};
  }
  for (const AddedToken& token : of_file) tokens[token.id] = token;
  return tokens;
}

}  // namespace normscope::tokenizer

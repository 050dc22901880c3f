#include "tokenizer/tokenizer_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "files/json_file.h"
#include "files/mapped_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

// More than any WordPiece vocabulary has; bounds what a hostile id can make us allocate.
constexpr std::int64_t kMostTokens = std::int64_t{1} << 22U;

// A value in a JSON file, with the way to it for messages.
class Node {
 public:
  Node(const std::filesystem::path& file, const Json& value, std::string place)
      : file_(&file), value_(&value), place_(std::move(place)) {}

  [[noreturn]] void fail(const std::string& reason) const { throw Error(*file_, place_, reason); }

  [[nodiscard]] const Json& json() const { return *value_; }
  [[nodiscard]] bool is_null() const { return value_->is_null(); }

  // A key's value, null where the key is missing.
  [[nodiscard]] Node at(const std::string& key) const {
    static const Json null;
    if (!value_->is_object()) fail("is not an object");
    const auto found = value_->find(key);
    return child(key, found == value_->end() ? null : *found);
  }
  [[nodiscard]] Node child(const std::string& key, const Json& value) const {
    return {*file_, value, place_.empty() ? key : place_ + "." + key};
  }
  [[nodiscard]] std::vector<Node> items() const {
    if (!value_->is_array()) fail("is not an array");
    std::vector<Node> nodes;
    for (const Json& item : *value_) {
      nodes.emplace_back(*file_, item, fmt::format("{}[{}]", place_, nodes.size()));
    }
    return nodes;
  }
  [[nodiscard]] const std::string& string() const {
    if (!value_->is_string()) fail("is not a string");
    return value_->get_ref<const std::string&>();
  }
  [[nodiscard]] std::string string_or(const std::string& otherwise) const {
    return is_null() ? otherwise : string();
  }
  [[nodiscard]] bool boolean_or(bool otherwise) const {
    if (is_null()) return otherwise;
    if (!value_->is_boolean()) fail("is not true or false");
    return value_->get<bool>();
  }
  [[nodiscard]] std::int64_t integer() const {
    const bool fits = value_->is_number_unsigned()
                          ? value_->get<std::uint64_t>() <=
                                static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                          : value_->is_number_integer();
    if (!fits) fail("is not an integer");
    return value_->get<std::int64_t>();
  }
  [[nodiscard]] TokenId token_id() const {
    const std::int64_t id = integer();
    if (id < 0 || id >= kMostTokens) fail(fmt::format("is no token id: {}", id));
    return static_cast<TokenId>(id);
  }

 private:
  const std::filesystem::path* file_;
  const Json* value_;
  std::string place_;
};

// The kind that an object names, e.g. "BertNormalizer"; "none" for null.
std::string type_of(const Node& node) {
  return node.is_null() ? "none" : node.at("type").string_or("of no type");
}

void require_type(const Node& node, std::string_view expected) {
  const std::string type = type_of(node);
  if (type != expected) {
    node.fail(fmt::format("{} is not supported, only {} (a BERT tokenizer)", type, expected));
  }
}

NormalizerOptions read_normalizer(const Node& node) {
  require_type(node, "BertNormalizer");
  NormalizerOptions options;
  options.clean_text = node.at("clean_text").boolean_or(true);
  options.handle_chinese_chars = node.at("handle_chinese_chars").boolean_or(true);
  options.lowercase = node.at("lowercase").boolean_or(true);
  options.strip_accents = node.at("strip_accents").boolean_or(options.lowercase);
  return options;
}

std::vector<std::string> read_vocabulary_map(const Node& node) {
  if (!node.json().is_object()) node.fail("is not an object");
  std::vector<std::string> tokens;
  std::vector<bool> taken;
  for (const auto& [token, value] : node.json().items()) {
    const auto id = static_cast<std::size_t>(node.child(token, value).token_id());
    // Ids may leave gaps, but not so many that they are not ids of a vocabulary.
    if (id >= 4 * node.json().size() + 1024) {
      node.fail(fmt::format("id {} in a vocabulary of {}", id, node.json().size()));
    }
    if (id >= tokens.size()) {
      tokens.resize(std::max(id + 1, 2 * tokens.size()));
      taken.resize(tokens.size());
    }
    if (taken[id]) node.fail(fmt::format("two tokens have the id {}", id));
    taken[id] = true;
    tokens[id] = token;
  }
  while (!tokens.empty() && !taken[tokens.size() - 1]) tokens.pop_back();
  return tokens;
}

void read_word_piece(const Node& node, TokenizerSettings& settings) {
  const Node type = node.at("type");
  // Old files leave the type out.
  if (!type.is_null() && type.string() != "WordPiece") {
    type.fail(fmt::format("{} is not supported, only WordPiece", type.string()));
  }
  settings.vocabulary = read_vocabulary_map(node.at("vocab"));
  WordPieceOptions& options = settings.word_piece;
  options.unk_token = node.at("unk_token").string_or(options.unk_token);
  options.continuing_subword_prefix =
      node.at("continuing_subword_prefix").string_or(options.continuing_subword_prefix);
  if (const Node limit = node.at("max_input_chars_per_word"); !limit.is_null()) {
    if (limit.integer() < 0) limit.fail("is negative");
    options.max_input_chars_per_word = static_cast<std::size_t>(limit.integer());
  }
  const auto& tokens = settings.vocabulary;
  if (std::find(tokens.begin(), tokens.end(), options.unk_token) == tokens.end()) {
    node.fail(fmt::format("the vocabulary lacks the unknown token {}", options.unk_token));
  }
}

using Ids = std::unordered_map<std::string_view, TokenId>;

Ids ids_of(const std::vector<std::string>& vocabulary) {
  Ids ids;
  ids.reserve(vocabulary.size());
  for (std::size_t id = 0; id < vocabulary.size(); ++id) {
    ids[vocabulary[id]] = static_cast<TokenId>(id);
  }
  return ids;
}

// The reference gives a token outside the vocabulary the next free id, whatever the file says; a
// file that says something else is not one that it wrote.
void read_added_tokens(const Node& list, const Ids& ids, TokenizerSettings& settings) {
  settings.size = settings.vocabulary.size();
  if (list.is_null()) return;
  std::map<std::string, TokenId> known;
  for (const Node& node : list.items()) {
    AddedToken token{.content = node.at("content").string(),
                     .id = node.at("id").token_id(),
                     .single_word = node.at("single_word").boolean_or(false),
                     .lstrip = node.at("lstrip").boolean_or(false),
                     .rstrip = node.at("rstrip").boolean_or(false)};
    if (token.content.empty()) continue;
    const auto in_vocabulary = ids.find(token.content);
    const auto earlier = known.find(token.content);
    const TokenId expected = in_vocabulary != ids.end() ? in_vocabulary->second
                             : earlier != known.end()   ? earlier->second
                                                        : static_cast<TokenId>(settings.size);
    if (token.id != expected) {
      node.fail(fmt::format("the token {} has the id {}, the vocabulary makes it {}", token.content,
                            token.id, expected));
    }
    settings.size = std::max(settings.size, static_cast<std::size_t>(token.id) + 1);
    if (!known.emplace(token.content, token.id).second) continue;
    const bool normalized = node.at("normalized").boolean_or(!node.at("special").boolean_or(false));
    (normalized ? settings.added_normalized : settings.added).push_back(std::move(token));
  }
}

TokenId id_in_range(const Node& node, const TokenizerSettings& settings) {
  const TokenId id = node.token_id();
  if (static_cast<std::size_t>(id) >= settings.size) {
    node.fail(fmt::format("there is no token with the id {}", id));
  }
  return id;
}

void refuse_type_id(const Node& piece) {
  if (const Node type = piece.at("type_id"); !type.is_null() && type.integer() != 0) {
    type.fail("a token type other than 0 is not supported");
  }
}

void read_template(const Node& node, TokenizerSettings& settings) {
  bool seen = false;
  for (const Node& item : node.at("single").items()) {
    if (const Node sequence = item.at("Sequence"); !sequence.is_null()) {
      refuse_type_id(sequence);
      if (std::exchange(seen, true) || sequence.at("id").string_or("A") != "A") {
        item.fail("a template that is not of one sentence");
      }
      continue;
    }
    const Node special = item.at("SpecialToken");
    if (special.is_null()) item.fail("is neither a Sequence nor a SpecialToken");
    refuse_type_id(special);
    const Node ids = node.at("special_tokens").at(special.at("id").string()).at("ids");
    for (const Node& id : ids.items()) {
      (seen ? settings.after : settings.before).push_back(id_in_range(id, settings));
    }
  }
  if (!seen) node.fail("a template without the sentence");
}

void read_post_processor(const Node& node, TokenizerSettings& settings) {
  const std::string type = type_of(node);
  if (type == "none") return;
  if (type == "TemplateProcessing") return read_template(node, settings);
  if (type != "BertProcessing") {
    node.fail(fmt::format("{} is not supported, only TemplateProcessing and BertProcessing", type));
  }
  const auto id = [&](const std::string& key) {
    const std::vector<Node> pair = node.at(key).items();
    if (pair.size() != 2) node.at(key).fail("is not a token and its id");
    return id_in_range(pair[1], settings);
  };
  settings.before = {id("cls")};
  settings.after = {id("sep")};
}

// vocab.txt: a token a line, trailing white space taken off, as transformers reads it.
std::vector<std::string> read_vocabulary_lines(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                        mapped.bytes().size());
  std::vector<std::string> tokens;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line = line.substr(0, line.find_last_not_of(" \t\r\v\f") + 1);
    if (tokens.size() == static_cast<std::size_t>(kMostTokens)) {
      throw Error(file, fmt::format("has more than {} lines", kMostTokens));
    }
    tokens.emplace_back(line);
  }
  return tokens;
}

// A special token in tokenizer_config.json: a string, or an object with its content.
std::string special_token(const Node& config, const std::string& key,
                          const std::string& otherwise) {
  const Node node = config.at(key);
  if (node.json().is_object()) return node.at("content").string();
  return node.string_or(otherwise);
}

}  // namespace

TokenizerSettings read_tokenizer_json(const std::filesystem::path& file) {
  const Json json = read_json_object(file);
  const Node root(file, json, "");
  TokenizerSettings settings;
  if (!root.at("model").json().is_object()) root.at("model").fail("is not an object");
  read_word_piece(root.at("model"), settings);
  settings.normalizer = read_normalizer(root.at("normalizer"));
  require_type(root.at("pre_tokenizer"), "BertPreTokenizer");
  read_added_tokens(root.at("added_tokens"), ids_of(settings.vocabulary), settings);
  read_post_processor(root.at("post_processor"), settings);
  return settings;
}

TokenizerSettings read_vocabulary(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "vocab.txt";
  const std::filesystem::path config_file = folder / "tokenizer_config.json";
  std::error_code ignored;
  const bool configured = std::filesystem::exists(config_file, ignored);
  const Json json = configured ? read_json_object(config_file) : Json::object();
  const Node config(config_file, json, "");

  TokenizerSettings settings;
  settings.vocabulary = read_vocabulary_lines(file);
  settings.size = settings.vocabulary.size();
  settings.normalizer.lowercase = config.at("do_lower_case").boolean_or(true);
  settings.normalizer.strip_accents =
      config.at("strip_accents").boolean_or(settings.normalizer.lowercase);
  settings.normalizer.handle_chinese_chars = config.at("tokenize_chinese_chars").boolean_or(true);

  const Ids ids = ids_of(settings.vocabulary);
  const auto add_special = [&](const std::string& key, const std::string& otherwise) {
    const std::string token = special_token(config, key, otherwise);
    const auto found = ids.find(token);
    if (found == ids.end()) throw Error(file, fmt::format("lacks the token {} ({})", token, key));
    settings.added.push_back({.content = token, .id = found->second});
    return found->second;
  };
  settings.word_piece.unk_token = special_token(config, "unk_token", "[UNK]");
  add_special("unk_token", "[UNK]");
  settings.before = {add_special("cls_token", "[CLS]")};
  settings.after = {add_special("sep_token", "[SEP]")};
  for (const auto& [key, otherwise] :
       {std::pair("pad_token", "[PAD]"), std::pair("mask_token", "[MASK]")}) {
    if (ids.contains(special_token(config, key, otherwise))) add_special(key, otherwise);
  }
  return settings;
}

}  // namespace normscope

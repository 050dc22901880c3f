#include "tokenizer/vocab_txt.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/json_file.h"
#include "base/mapped_file.h"
#include "normscope/error.h"
#include "tokenizer/json_node.h"

namespace normscope::tokenizer {
namespace {

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
std::string special_token(const JsonNode& config, const std::string& key,
                          const std::string& otherwise) {
  const JsonNode node = config.at(key);
  if (node.is_object()) return node.at("content").string();
  return node.string_or(otherwise);
}

}  // namespace

TokenizerParts read_vocab_txt(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "vocab.txt";
  const std::filesystem::path config_file = folder / "tokenizer_config.json";
  std::error_code ignored;
  const bool configured = std::filesystem::exists(config_file, ignored);
  const nlohmann::json json = configured ? read_json_object(config_file) : nlohmann::json::object();
  const JsonNode config(config_file, json);

  Vocabulary vocabulary(read_vocabulary_lines(file));
  BertNormalizer normalizer;
  normalizer.lowercase = config.at("do_lower_case").boolean_or(true);
  normalizer.strip_accents = config.at("strip_accents").boolean_or(normalizer.lowercase);
  normalizer.handle_chinese_chars = config.at("tokenize_chinese_chars").boolean_or(true);

  std::vector<AddedToken> added;
  const auto add_special = [&](const std::string& key, const std::string& otherwise) {
    const std::string token = special_token(config, key, otherwise);
    const std::optional<TokenId> id = vocabulary.find(token);
    if (!id) throw Error(file, fmt::format("lacks the token {} ({})", token, key));
    added.push_back({.content = token, .id = *id});
    return *id;
  };
  add_special("unk_token", "[UNK]");
  const TokenId cls = add_special("cls_token", "[CLS]");
  const TokenId sep = add_special("sep_token", "[SEP]");
  for (const auto& [key, otherwise] :
       {std::pair("pad_token", "[PAD]"), std::pair("mask_token", "[MASK]")}) {
    if (vocabulary.find(special_token(config, key, otherwise))) add_special(key, otherwise);
  }
  WordPieceOptions options{.unk_token = special_token(config, "unk_token", "[UNK]")};
  return {.added_tokens = std::move(added),
          .normalizer = Normalizer({normalizer}),
          .pre_tokenizer = PreTokenizer({BertPreTokenizer{}}),
          .model = WordPiece(std::move(vocabulary), std::move(options)),
          .post_processor = {.before = {cls}, .after = {sep}}};
}

}  // namespace normscope::tokenizer

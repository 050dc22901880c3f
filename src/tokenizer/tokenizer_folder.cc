#include "tokenizer/tokenizer_folder.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "base/has_file.h"
#include "model/modules.h"
#include "normscope/error.h"
#include "tokenizer/config_files.h"
#include "tokenizer/merges_txt.h"
#include "tokenizer/sentencepiece_model.h"
#include "tokenizer/stated_length.h"
#include "tokenizer/tokenizer_json.h"
#include "tokenizer/transformers_class.h"
#include "tokenizer/vocab_txt.h"

namespace normscope::tokenizer {
namespace {

TokenizerParts read_parts(const std::filesystem::path& folder, const ConfigFiles& config) {
  const auto has = [&](const char* name) { return has_file(folder / name); };
  const auto of_model = [](Model model) {
    return TokenizerParts{.added_tokens = {},
                          .normalizer = {},
                          .pre_tokenizer = {},
                          .model = std::move(model),
                          .post_processor = {},
                          .split_special_tokens = false,
                          .decisions = {}};
  };
  const std::string stated_class = config.tokenizer_class();
  if (!is_supported(stated_class)) {
    throw Error(config.settings_file(), "tokenizer_class",
                fmt::format("{} is not supported", stated_class));
  }
  if (const auto file = folder / "tokenizer.json"; has("tokenizer.json")) {
    const ReferenceParser parser = takes_vocabulary_only(stated_class)
                                       ? ReferenceParser::transformers
                                       : ReferenceParser::tokenizers;
    return as_transformers_has_it(read_tokenizer_json(file, parser), config, stated_class, file);
  }
  // Without a class, each kind of vocabulary has the class of the model that introduced it.
  const auto class_or = [&](const char* otherwise) {
    return default_unk_token(stated_class).empty() ? std::string(otherwise) : stated_class;
  };
  if (const auto file = folder / "vocab.txt"; has("vocab.txt")) {
    const std::string name = class_or("BertTokenizer");
    const std::optional<AddedToken> unknown = config.special_token("unk_token");
    return as_transformers_has_it(
        of_model(read_vocab_txt(file, unknown ? unknown->content : default_unk_token(name))),
        config, name, file);
  }
  if (has("vocab.json") && has("merges.txt")) {
    const auto file = folder / "vocab.json";
    return as_transformers_has_it(of_model(read_merges_txt(file, folder / "merges.txt")), config,
                                  class_or("RobertaTokenizer"), file);
  }
  if (const auto file = folder / "spm.model"; has("spm.model")) {
    SentencePieceModel model = read_sentencepiece_model(file);
    TokenizerParts parts =
        of_model(Unigram(std::move(model.pieces), std::move(model.scores), model.unknown, false));
    if (model.characters) parts.normalizer = Normalizer({*std::move(model.characters)});
    return as_transformers_has_it(std::move(parts), config, class_or("DebertaV2Tokenizer"), file,
                                  model.added_tokens);
  }
  throw Error(
      folder,
      "has neither tokenizer.json nor vocab.txt nor vocab.json with merges.txt nor spm.model");
}

}  // namespace

TokenizerParts read_folder(const std::filesystem::path& folder) {
  const std::filesystem::path files = encoder_folder(folder);
  const ConfigFiles config(files);
  TokenizerParts parts = read_parts(files, config);
  add_length(config.setting("model_max_length"), "model_max_length in tokenizer_config.json",
             parts.stated_lengths);
  return parts;
}

}  // namespace normscope::tokenizer

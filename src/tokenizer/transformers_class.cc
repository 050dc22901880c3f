#include "tokenizer/transformers_class.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normscope/error.h"

namespace normscope::tokenizer {
namespace {

// The names of the special tokens, in the order of kSpecialTokens; empty if a class has none.
using SpecialNames = std::array<std::string_view, kSpecialTokens.size()>;
constexpr SpecialNames kBertNames{"", "", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"};
constexpr SpecialNames kMpnetNames{"<s>", "</s>", "[UNK]", "</s>", "<pad>", "<s>", "<mask>"};
constexpr SpecialNames kRobertaNames{"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"};
constexpr SpecialNames kDebertaNames{"[CLS]", "[SEP]", "[UNK]", "[SEP]",
                                     "[PAD]", "[CLS]", "[MASK]"};
constexpr SpecialNames kAlbertNames{"[CLS]", "[SEP]", "<unk>", "[SEP]", "<pad>", "[CLS]", "[MASK]"};

// A class being put together.
struct Draft {
  TokenizerParts* parts;
  const ConfigFiles* config;
  const std::filesystem::path* file;
  std::string_view name;
  SpecialNames names;

  template <typename Kind>
  [[nodiscard]] Kind& model() const {
    if (auto* of = std::get_if<Kind>(&parts->model)) return *of;
    throw Error(*file, fmt::format("the tokenizer class {} has a {} model, this is another", name,
                                   Kind::kType));
  }
  [[nodiscard]] AddedToken special(std::string_view key) const {
    if (auto token = config->special_token(std::string(key))) return *token;
    const auto at = std::find(kSpecialTokens.begin(), kSpecialTokens.end(), key);
    AddedToken token;
    token.special = true;
    token.content = names[static_cast<std::size_t>(at - kSpecialTokens.begin())];
    return token;
  }
  [[nodiscard]] std::vector<NormalizerStep> characters_map() const {
    for (const NormalizerStep& step : parts->normalizer.steps()) {
      if (std::holds_alternative<Precompiled>(step)) return {step};
    }
    return {};
  }
  [[nodiscard]] Metaspace metaspace(Metaspace::Prepend without_prefix) const {
    const bool prefix = config->setting("add_prefix_space").boolean_or(true);
    return {.prepend = prefix ? Metaspace::Prepend::always : without_prefix};
  }
};

void build_bert(Draft& draft) {
  const ConfigFiles& config = *draft.config;
  auto& model = draft.model<WordPiece>();
  const std::string unknown = draft.special("unk_token").content;
  if (!model.vocabulary().find(unknown)) {
    throw Error(*draft.file, fmt::format("lacks the token {} (unk_token)", unknown));
  }
  model = WordPiece(model.vocabulary(), {.unk_token = unknown});
  BertNormalizer normalizer;
  normalizer.lowercase = config.setting("do_lower_case").boolean_or(true);
  normalizer.strip_accents = config.setting("strip_accents").boolean_or(normalizer.lowercase);
  normalizer.handle_chinese_chars = config.setting("tokenize_chinese_chars").boolean_or(true);
  draft.parts->normalizer = Normalizer({normalizer});
  draft.parts->pre_tokenizer = PreTokenizer({BertPreTokenizer{}});
}

void build_roberta(Draft& draft) {
  auto& model = draft.model<Bpe>();
  model = Bpe(model.vocabulary(), model.merges(), {});
  draft.parts->normalizer = Normalizer();
  draft.parts->pre_tokenizer = PreTokenizer(
      {ByteLevel{.add_prefix_space = draft.config->setting("add_prefix_space").boolean_or(false)}});
}

void build_xlm_roberta(Draft& draft) {
  draft.model<Unigram>().set_unknown(3, *draft.file);
  draft.parts->normalizer = Normalizer(draft.characters_map());
  draft.parts->pre_tokenizer =
      PreTokenizer({WhitespaceSplit{}, draft.metaspace(Metaspace::Prepend::never)});
}

void build_camembert(Draft& draft) {
  build_xlm_roberta(draft);
  auto& model = draft.model<Unigram>();
  const auto& tokens = model.vocabulary().tokens();
  const auto at = std::find(tokens.begin(), tokens.end(), draft.special("unk_token").content);
  model.set_unknown(at == tokens.end() ? 0 : static_cast<TokenId>(at - tokens.begin()),
                    *draft.file);
}

void build_albert(Draft& draft) {
  draft.model<Unigram>().set_unknown(1, *draft.file);
  std::vector<NormalizerStep> steps;
  for (const char* quote : {"``", "''"}) {
    steps.emplace_back(Replace{.pattern = Pattern(std::string(quote)), .content = "\""});
  }
  if (!draft.config->setting("keep_accents").boolean_or(false)) {
    steps.emplace_back(Nfkd{});
    steps.emplace_back(StripAccents{});
  }
  if (draft.config->setting("do_lower_case").boolean_or(true)) steps.emplace_back(Lowercase{});
  for (NormalizerStep& step : draft.characters_map()) steps.push_back(std::move(step));
  draft.parts->normalizer = Normalizer(std::move(steps));
  draft.parts->pre_tokenizer =
      PreTokenizer({WhitespaceSplit{}, draft.metaspace(Metaspace::Prepend::never)});
}

void build_deberta(Draft& draft) {
  auto& model = draft.model<Unigram>();
  TokenId unknown = 1;
  if (const JsonNode id = draft.config->setting("unk_id"); !id.is_null()) unknown = id.token_id();
  // The first one with that name and without a score.
  const auto& tokens = model.vocabulary().tokens();
  for (std::size_t i = tokens.size(); i-- > 0;) {
    if (tokens[i] == draft.special("unk_token").content && model.scores()[i] == 0) {
      unknown = static_cast<TokenId>(i);
    }
  }
  model.set_unknown(unknown, *draft.file);
  std::vector<NormalizerStep> steps;
  if (draft.config->setting("do_lower_case").boolean_or(false)) steps.emplace_back(Lowercase{});
  steps.emplace_back(
      Replace{.pattern = Pattern::known_regex(R"(\s{2,}|[\n\r\t])"), .content = " "});
  steps.emplace_back(Nfc{});
  steps.emplace_back(Strip{.strip_left = false, .strip_right = true});
  draft.parts->normalizer = Normalizer(std::move(steps));
  std::vector<PreTokenizerStep> splits;
  if (draft.config->setting("split_by_punct").boolean_or(false)) splits.emplace_back(Punctuation{});
  splits.emplace_back(draft.metaspace(Metaspace::Prepend::first));
  draft.parts->pre_tokenizer = PreTokenizer(std::move(splits));
}

struct Class {
  std::string_view name;
  SpecialNames names;
  void (*build)(Draft&);
  // The special tokens before a sentence and after it.
  std::string_view before, after;
};
constexpr Class kClasses[] = {
    {"AlbertTokenizer", kAlbertNames, build_albert, "cls_token", "sep_token"},
    {"BertTokenizer", kBertNames, build_bert, "cls_token", "sep_token"},
    {"CamembertTokenizer", kRobertaNames, build_camembert, "bos_token", "eos_token"},
    {"DebertaV2Tokenizer", kDebertaNames, build_deberta, "cls_token", "sep_token"},
    {"DistilBertTokenizer", kBertNames, build_bert, "cls_token", "sep_token"},
    {"ElectraTokenizer", kBertNames, build_bert, "cls_token", "sep_token"},
    {"MPNetTokenizer", kMpnetNames, build_bert, "cls_token", "sep_token"},
    {"RobertaTokenizer", kRobertaNames, build_roberta, "cls_token", "sep_token"},
    {"XLMRobertaTokenizer", kRobertaNames, build_xlm_roberta, "bos_token", "eos_token"},
};

const Class* find_class(std::string_view name) {
  const auto* at = std::find_if(std::begin(kClasses), std::end(kClasses),
                                [&](const Class& of) { return of.name == name; });
  return at == std::end(kClasses) ? nullptr : at;
}

// The steps, as far as files can disagree about them.
std::vector<std::string> description(const TokenizerParts& parts) {
  std::vector<std::string> lines;
  const auto add_type = [&](const auto& step) { lines.emplace_back(step.kType); };
  for (const NormalizerStep& step : parts.normalizer.steps()) {
    std::visit(add_type, step);
    if (const auto* bert = std::get_if<BertNormalizer>(&step)) {
      lines.push_back(fmt::format("do_lower_case {}, strip_accents {}, tokenize_chinese_chars {}",
                                  bert->lowercase, bert->strip_accents,
                                  bert->handle_chinese_chars));
    }
  }
  for (const PreTokenizerStep& step : parts.pre_tokenizer.steps()) std::visit(add_type, step);
  return lines;
}

}  // namespace

std::string default_unk_token(std::string_view name) {
  const Class* of = find_class(name);
  return std::string(of == nullptr ? "" : of->names[2]);
}

TokenizerParts as_transformers_has_it(TokenizerParts parts, const ConfigFiles& config,
                                      const std::string& name, const std::filesystem::path& file,
                                      const std::vector<AddedToken>& of_pieces) {
  const Class* of = find_class(name);
  const std::vector<AddedToken> of_file = std::move(parts.added_tokens);
  parts.added_tokens.clear();
  if (of == nullptr) parts.added_tokens = of_file;
  const std::map<TokenId, AddedToken> of_files = config.added_tokens(of_file);
  for (const auto& [id, token] : of_files) parts.added_tokens.push_back(token);
  Draft draft{.parts = &parts,
              .config = &config,
              .file = &file,
              .name = name,
              .names = of == nullptr ? SpecialNames{} : of->names};
  if (of != nullptr) {
    const std::vector<std::string> before = description(parts);
    of->build(draft);
    if (const std::vector<std::string> after = description(parts);
        !before.empty() && before != after) {
      parts.decisions.push_back(fmt::format("{} decides as {} reads it: {} (tokenizer.json: {})",
                                            config.settings_file().filename().string(), name,
                                            fmt::join(after, ", "), fmt::join(before, ", ")));
    }
  }
  const Vocabulary& vocabulary = vocabulary_of(parts.model);
  for (const char* key : kSpecialTokens) {
    AddedToken token = draft.special(key);
    // BERT models without [MASK] in the vocabulary have no embedding for it either, so a special
    // token that only the class names is not added.
    if (config.special_token(key) || vocabulary.find(token.content) ||
        !std::holds_alternative<WordPiece>(parts.model)) {
      if (std::string_view(key) == "mask_token" &&
          (name == "MPNetTokenizer" || name == "CamembertTokenizer")) {
        token.lstrip = token.lstrip || !config.special_token(key);
      }
      parts.added_tokens.push_back(std::move(token));
    }
  }
  for (AddedToken& token : config.other_special_tokens()) {
    parts.added_tokens.push_back(std::move(token));
  }
  parts.added_tokens.insert(parts.added_tokens.end(), of_pieces.begin(), of_pieces.end());
  parts.added_tokens = number_added_tokens(std::move(parts.added_tokens), vocabulary);
  const auto id_of = [&](std::string_view key) {
    const std::string content = draft.special(key).content;
    if (const auto id = vocabulary.find(content)) return *id;
    for (const AddedToken& token : parts.added_tokens) {
      if (token.content == content) return token.id;
    }
    throw Error(file, fmt::format("lacks the token {} ({})", content, key));
  };
  if (of != nullptr && !(name == "AlbertTokenizer" && !parts.post_processor.before.empty())) {
    parts.post_processor = {.before = {id_of(of->before)}, .after = {id_of(of->after)}};
  }
  for (const AddedToken& token : of_file) {
    for (const AddedToken& numbered : parts.added_tokens) {
      if (numbered.content == token.content && numbered.id != token.id) {
        parts.decisions.push_back(
            fmt::format("the vocabulary decides: the token {} has the id {} (tokenizer.json: {})",
                        token.content, numbered.id, token.id));
      }
    }
  }
  parts.split_special_tokens = config.setting("split_special_tokens").boolean_or(false);
  return parts;
}

}  // namespace normscope::tokenizer

#include "tokenizer/transformers_class.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normscope/error.h"

namespace normscope::tokenizer {
namespace {

// The names of the special tokens, in the order of kSpecialTokens; empty if a class has none.
using SpecialNames = std::array<std::string_view, kSpecialTokens.size()>;
constexpr std::size_t kUnkToken = 2;
static_assert(std::string_view(kSpecialTokens[kUnkToken]) == "unk_token");
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
    if (config->has_no(std::string(key))) return token;
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
  // The special tokens without a name, if no file lists any.
  std::array<std::string_view, 3> others = {};
  // Whether its mask token includes the white space before it, if no file has the token.
  bool mask_takes_space = false;
  // Whether tokenizer.json's special tokens before and after a sentence count, if it has any.
  bool keeps_post_processor = false;
};
constexpr Class kClasses[] = {
    {.name = "AlbertTokenizer",
     .names = kAlbertNames,
     .build = build_albert,
     .before = "cls_token",
     .after = "sep_token",
     .keeps_post_processor = true},
    {"BertTokenizer", kBertNames, build_bert, "cls_token", "sep_token"},
    {.name = "CamembertTokenizer",
     .names = kRobertaNames,
     .build = build_camembert,
     .before = "bos_token",
     .after = "eos_token",
     .others = {"<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"},
     .mask_takes_space = true},
    {"DebertaV2Tokenizer", kDebertaNames, build_deberta, "cls_token", "sep_token"},
    {"DistilBertTokenizer", kBertNames, build_bert, "cls_token", "sep_token"},
    {"ElectraTokenizer", kBertNames, build_bert, "cls_token", "sep_token"},
    {.name = "MPNetTokenizer",
     .names = kMpnetNames,
     .build = build_bert,
     .before = "cls_token",
     .after = "sep_token",
     .mask_takes_space = true},
    {"RobertaTokenizer", kRobertaNames, build_roberta, "cls_token", "sep_token"},
    {"XLMRobertaTokenizer", kRobertaNames, build_xlm_roberta, "bos_token", "eos_token"},
};

// Names that transformers has for the classes.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"BartTokenizer", "RobertaTokenizer"},  {"LEDTokenizer", "RobertaTokenizer"},
    {"LayoutLMTokenizer", "BertTokenizer"}, {"LongformerTokenizer", "RobertaTokenizer"},
    {"LxmertTokenizer", "BertTokenizer"},   {"MobileBertTokenizer", "BertTokenizer"},
    {"MvpTokenizer", "RobertaTokenizer"},   {"SqueezeBertTokenizer", "BertTokenizer"},
};

// Classes of transformers that build something of their own, too. Any other class is read as
// tokenizer.json has it.
constexpr std::string_view kUnsupportedClasses[] = {
    "BarthezTokenizer",
    "BartphoTokenizer",
    "BertGenerationTokenizer",
    "BertJapaneseTokenizer",
    "BertweetTokenizer",
    "BigBirdTokenizer",
    "BioGptTokenizer",
    "BlenderbotSmallTokenizer",
    "BlenderbotTokenizer",
    "ByT5Tokenizer",
    "CLIPTokenizer",
    "CTRLTokenizer",
    "CanineTokenizer",
    "CodeLlamaTokenizer",
    "CohereTokenizer",
    "CpmAntTokenizer",
    "CpmTokenizer",
    "DebertaTokenizer",
    "EsmTokenizer",
    "FNetTokenizer",
    "FlaubertTokenizer",
    "FunnelTokenizer",
    "GPT2Tokenizer",
    "GPTNeoXJapaneseTokenizer",
    "GPTNeoXTokenizer",
    "GPTSw3Tokenizer",
    "GemmaTokenizer",
    "HerbertTokenizer",
    "LayoutLMv2Tokenizer",
    "LayoutLMv3Tokenizer",
    "LayoutXLMTokenizer",
    "LlamaTokenizer",
    "LukeTokenizer",
    "M2M100Tokenizer",
    "MBart50Tokenizer",
    "MBartTokenizer",
    "MLukeTokenizer",
    "MarianTokenizer",
    "MarkupLMTokenizer",
    "MyT5Tokenizer",
    "NllbTokenizer",
    "OpenAIGPTTokenizer",
    "PLBartTokenizer",
    "PegasusTokenizer",
    "PerceiverTokenizer",
    "PhobertTokenizer",
    "ProphetNetTokenizer",
    "Qwen2Tokenizer",
    "ReformerTokenizer",
    "RemBertTokenizer",
    "RoCBertTokenizer",
    "RoFormerTokenizer",
    "SeamlessM4TTokenizer",
    "SiglipTokenizer",
    "SplinterTokenizer",
    "T5Tokenizer",
    "TapasTokenizer",
    "UdopTokenizer",
    "WhisperTokenizer",
    "XGLMTokenizer",
    "XLMTokenizer",
    "XLNetTokenizer",
};

const Class* find_class(std::string_view name) {
  for (const auto& [other, of] : kOtherNames) {
    if (name == other) name = of;
  }
  const auto* at = std::find_if(std::begin(kClasses), std::end(kClasses),
                                [&](const Class& of) { return of.name == name; });
  return at == std::end(kClasses) ? nullptr : at;
}

// Finding added tokens takes memory in proportion to their bytes.
constexpr std::size_t kMostAddedBytes = std::size_t{1} << 20U;

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

// Builds what the class does not take from tokenizer.json, and notes where the two differ.
void build(const Class& of, Draft& draft) {
  const std::vector<std::string> before = description(*draft.parts);
  of.build(draft);
  const std::vector<std::string> after = description(*draft.parts);
  if (before.empty() || before == after) return;
  draft.parts->decisions.push_back(fmt::format("{} decides as {} reads it: {} (tokenizer.json: {})",
                                               draft.config->settings_file().filename().string(),
                                               draft.name, fmt::join(after, ", "),
                                               fmt::join(before, ", ")));
}

// Adds the special tokens of the files and of the class, if it is known. Those that are added
// already stay as they are.
void add_special_tokens(const Draft& draft, const Class* of,
                        const std::vector<AddedToken>& of_pieces) {
  TokenizerParts& parts = *draft.parts;
  const ConfigFiles& config = *draft.config;
  const Vocabulary& vocabulary = vocabulary_of(parts.model);
  std::set<std::string> known;
  for (const AddedToken& token : parts.added_tokens) known.insert(token.content);
  const auto add = [&](AddedToken token) {
    if (known.insert(token.content).second) parts.added_tokens.push_back(std::move(token));
  };
  for (const char* key : kSpecialTokens) {
    AddedToken token = draft.special(key);
    // BERT models without [MASK] in the vocabulary have no embedding for it either, so a special
    // token that only the class names is not added.
    if (config.special_token(key) || vocabulary.find(token.content) ||
        !std::holds_alternative<WordPiece>(parts.model)) {
      if (std::string_view(key) == "mask_token" && of != nullptr && of->mask_takes_space) {
        token.lstrip = token.lstrip || !config.special_token(key);
      }
      add(std::move(token));
    }
  }
  std::vector<AddedToken> others = config.other_special_tokens();
  if (others.empty() && of != nullptr) {
    for (const std::string_view content : of->others) {
      others.push_back({.content = std::string(content), .special = true});
    }
  }
  for (AddedToken& token : others) add(std::move(token));
  for (const AddedToken& token : of_pieces) add(token);
}

}  // namespace

std::string default_unk_token(std::string_view name) {
  const Class* of = find_class(name);
  return std::string(of == nullptr ? "" : of->names[kUnkToken]);
}

bool is_supported(std::string_view name) {
  return std::find(std::begin(kUnsupportedClasses), std::end(kUnsupportedClasses), name) ==
         std::end(kUnsupportedClasses);
}

bool takes_vocabulary_only(std::string_view name) { return find_class(name) != nullptr; }

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
  if (of != nullptr) build(*of, draft);
  add_special_tokens(draft, of, of_pieces);
  const Vocabulary& vocabulary = vocabulary_of(parts.model);
  parts.added_tokens = number_added_tokens(std::move(parts.added_tokens), vocabulary);
  std::map<std::string_view, TokenId> ids;
  std::size_t bytes = 0;
  for (const AddedToken& token : parts.added_tokens) {
    ids.emplace(token.content, token.id);
    bytes += token.content.size();
  }
  if (bytes > kMostAddedBytes) {
    throw Error(file, fmt::format("has more than {} bytes of added tokens", kMostAddedBytes));
  }
  const auto id_of = [&](std::string_view key) {
    const std::string content = draft.special(key).content;
    if (const auto id = vocabulary.find(content)) return *id;
    if (const auto at = ids.find(content); at != ids.end()) return at->second;
    throw Error(file, fmt::format("lacks the token {} ({})", content, key));
  };
  if (of != nullptr && (!of->keeps_post_processor || parts.post_processor.before.empty())) {
    parts.post_processor = {.before = {id_of(of->before)}, .after = {id_of(of->after)}};
  }
  for (const AddedToken& token : of_file) {
    const auto at = ids.find(token.content);
    if (at != ids.end() && at->second != token.id) {
      parts.decisions.push_back(
          fmt::format("the vocabulary decides: the token {} has the id {} (tokenizer.json: {})",
                      token.content, at->second, token.id));
    }
  }
  parts.split_special_tokens = config.setting("split_special_tokens").boolean_or(false);
  return parts;
}

}  // namespace normscope::tokenizer

#include "normscope/tokenizer.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include "tokenizer/added_tokens.h"
#include "tokenizer/bert_words.h"
#include "tokenizer/tokenizer_folder.h"
#include "tokenizer/tokenizer_parts.h"
#include "tokenizer/word_cache.h"

namespace normscope {
namespace {

// The fast path, if the parts that it replaces are exactly BERT's and nothing comes between them.
std::optional<tokenizer::BertWords> bert_words(const tokenizer::TokenizerParts& parts) {
  const auto& normalizers = parts.normalizer.steps();
  const auto& pre_tokenizers = parts.pre_tokenizer.steps();
  if (normalizers.size() != 1 || pre_tokenizers.size() != 1 ||
      !std::holds_alternative<tokenizer::BertPreTokenizer>(pre_tokenizers.front()) ||
      std::any_of(parts.added_tokens.begin(), parts.added_tokens.end(),
                  [](const tokenizer::AddedToken& token) { return token.normalized; })) {
    return std::nullopt;
  }
  const auto* normalizer = std::get_if<tokenizer::BertNormalizer>(&normalizers.front());
  if (normalizer == nullptr) return std::nullopt;
  return tokenizer::BertWords(*normalizer);
}

}  // namespace

struct Tokenizer::State {
  explicit State(tokenizer::TokenizerParts of);

  // Tokenizes text between the added tokens that are found in the text as it is. `at_start`: it
  // begins where the whole text does.
  void append(std::string_view text, bool at_start, std::vector<TokenId>& ids) const;

  tokenizer::TokenizerParts parts;
  std::optional<tokenizer::BertWords> fast_words;
  tokenizer::AddedTokens added;
  tokenizer::AddedTokens added_normalized;
  tokenizer::WordCache cache;
  std::vector<std::string> tokens;  // the added ones too; empty if an id has none
};

Tokenizer::State::State(tokenizer::TokenizerParts of)
    : parts(std::move(of)),
      fast_words(bert_words(parts)),
      tokens(tokenizer::vocabulary_of(parts.model).tokens()) {
  tokens.resize(
      tokenizer::vocabulary_size_with(tokenizer::vocabulary_of(parts.model), parts.added_tokens));
  std::vector<tokenizer::AddedToken> as_they_are;
  std::vector<tokenizer::AddedToken> normalized;
  for (tokenizer::AddedToken token : parts.added_tokens) {
    tokens[static_cast<std::size_t>(token.id)] = token.content;
    if (token.special && parts.split_special_tokens) continue;
    if (token.normalized) {
      token.content = parts.normalizer.normalize(token.content);
      normalized.push_back(std::move(token));
    } else {
      as_they_are.push_back(std::move(token));
    }
  }
  added = tokenizer::AddedTokens(std::move(as_they_are));
  added_normalized = tokenizer::AddedTokens(std::move(normalized));
}

void Tokenizer::State::append(std::string_view text, bool at_start,
                              std::vector<TokenId>& ids) const {
  std::visit(
      [&](const auto& model) {
        if (fast_words) {
          fast_words->for_each(text, [&](std::string_view word) { model.append(word, ids); });
          return;
        }
        const std::string normalized = parts.normalizer.normalize(text);
        const bool starts =
            at_start && parts.pre_tokenizer.asks_for_start() && parts.normalizer.keeps_start(text);
        added_normalized.split(normalized, [&](const tokenizer::AddedTokens::Segment& segment) {
          if (segment.token != nullptr) {
            ids.push_back(segment.token->id);
            return;
          }
          const tokenizer::Pieces pieces = parts.pre_tokenizer.split(
              segment.text, starts && segment.text.data() == normalized.data());
          for (std::size_t i = 0; i < pieces.size(); ++i) {
            const std::string_view piece = pieces[i];
            const auto make = [&] { model.append(piece, ids); };
            if constexpr (tokenizer::kIsSlow<std::decay_t<decltype(model)>>) {
              cache.append(piece, ids, make);
            } else {
              make();
            }
          }
        });
      },
      parts.model);
}

Tokenizer Tokenizer::from_folder(const std::filesystem::path& folder) {
  return Tokenizer(std::make_unique<const State>(tokenizer::read_folder(folder)));
}

Tokenizer::Tokenizer(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Encoding Tokenizer::encode(std::string_view text, std::size_t max_length) const {
  const State& state = *state_;
  const tokenizer::PostProcessor& special = state.parts.post_processor;
  if (max_length < special_tokens()) throw std::invalid_argument("no room for the special tokens");
  const std::size_t end = max_length - special.after.size();
  Encoding encoding;
  encoding.ids.reserve(std::min(max_length, special_tokens() + text.size() / 3));
  encoding.ids = special.before;
  state.added.split(text, [&](const tokenizer::AddedTokens::Segment& segment) {
    if (segment.token != nullptr) {
      encoding.ids.push_back(segment.token->id);
    } else {
      state.append(segment.text, segment.text.data() == text.data(), encoding.ids);
    }
  });
  encoding.tokens = encoding.ids.size() - special.before.size();
  if (encoding.ids.size() > end) {
    encoding.ids.resize(end);
    encoding.truncated = true;
  }
  encoding.ids.insert(encoding.ids.end(), special.after.begin(), special.after.end());
  return encoding;
}

std::size_t Tokenizer::special_tokens() const {
  return state_->parts.post_processor.before.size() + state_->parts.post_processor.after.size();
}

std::size_t Tokenizer::vocabulary_size() const { return state_->tokens.size(); }

const std::vector<std::string>& Tokenizer::decisions() const { return state_->parts.decisions; }

const std::vector<StatedLength>& Tokenizer::stated_lengths() const {
  return state_->parts.stated_lengths;
}

const std::string& Tokenizer::token(TokenId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= state_->tokens.size()) {
    throw std::out_of_range("no token " + std::to_string(id));
  }
  return state_->tokens[static_cast<std::size_t>(id)];
}

}  // namespace normscope

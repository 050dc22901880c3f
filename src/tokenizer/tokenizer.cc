#include "normscope/tokenizer.h"

#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

#include "normscope/error.h"
#include "tokenizer/added_tokens.h"
#include "tokenizer/normalizer.h"
#include "tokenizer/tokenizer_settings.h"
#include "tokenizer/unicode.h"
#include "tokenizer/wordpiece.h"

namespace normscope {
namespace {

// What becomes of an ASCII character.
struct AsciiRule {
  enum Kind : std::uint8_t { letter, punctuation, space, dropped };
  Kind kind = letter;
  char normalized = 0;
};

std::array<AsciiRule, 128> ascii_rules(const NormalizerOptions& options) {
  std::array<AsciiRule, 128> rules;
  for (std::size_t c = 0; c < rules.size(); ++c) {
    std::string normalized;
    const char text = static_cast<char>(c);
    normalize({&text, 1}, options, normalized);
    AsciiRule& rule = rules[c];
    if (normalized.empty()) {
      rule.kind = AsciiRule::dropped;
      continue;
    }
    // An ASCII character normalizes to one.
    rule.normalized = normalized.front();
    const auto scalar = static_cast<char32_t>(static_cast<unsigned char>(rule.normalized));
    if (unicode::has(scalar, unicode::kSpace)) {
      rule.kind = AsciiRule::space;
    } else if (unicode::has(scalar, unicode::kPunctuation)) {
      rule.kind = AsciiRule::punctuation;
    }
  }
  return rules;
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

}  // namespace

struct Tokenizer::State {
  explicit State(TokenizerSettings settings);

  void append_raw(std::string_view text, std::vector<TokenId>& ids) const;
  void append_ascii(std::string_view text, std::vector<TokenId>& ids) const;
  void append_normalized(std::string_view text, std::vector<TokenId>& ids) const;

  NormalizerOptions normalizer;
  std::array<AsciiRule, 128> ascii;
  AddedTokens added;
  AddedTokens added_normalized;
  WordPiece word_piece;
  std::vector<TokenId> before;
  std::vector<TokenId> after;
  std::vector<std::string> tokens;  // the added ones too; empty where an id has none
};

Tokenizer::State::State(TokenizerSettings settings)
    : normalizer(settings.normalizer),
      ascii(ascii_rules(settings.normalizer)),
      word_piece(Vocabulary(std::move(settings.vocabulary)), std::move(settings.word_piece)),
      before(std::move(settings.before)),
      after(std::move(settings.after)),
      tokens(word_piece.vocabulary().tokens()) {
  tokens.resize(settings.size);
  const auto add = [&](AddedTokens& to, AddedToken& token) {
    tokens[static_cast<std::size_t>(token.id)] = token.content;
    to.add(std::move(token));
  };
  for (AddedToken& token : settings.added) add(added, token);
  for (AddedToken& token : settings.added_normalized) {
    std::string content;
    normalize(token.content, normalizer, content);
    std::swap(token.content, content);
    tokens[static_cast<std::size_t>(token.id)] = std::move(content);
    added_normalized.add(std::move(token));
  }
}

// Text between raw added tokens: a space ends what normalization looks at, so that each stretch
// between spaces can be taken by itself, and most of them are ASCII.
void Tokenizer::State::append_raw(std::string_view text, std::vector<TokenId>& ids) const {
  if (!added_normalized.empty()) {
    std::string normalized;
    normalize(text, normalizer, normalized);
    added_normalized.split(normalized, [&](const Segment& segment) {
      if (segment.token != nullptr) {
        ids.push_back(segment.token->id);
      } else {
        append_normalized(segment.text, ids);
      }
    });
    return;
  }
  if (is_ascii(text)) return append_ascii(text, ids);
  std::string normalized;
  while (!text.empty()) {
    const std::string_view stretch = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), stretch.size() + 1));
    if (is_ascii(stretch)) {
      append_ascii(stretch, ids);
    } else {
      normalized.clear();
      normalize(stretch, normalizer, normalized);
      append_normalized(normalized, ids);
    }
  }
}

void Tokenizer::State::append_ascii(std::string_view text, std::vector<TokenId>& ids) const {
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    word_piece.append(word, ids);
    word.clear();
  };
  for (const char c : text) {
    const AsciiRule& rule = ascii[static_cast<unsigned char>(c)];
    switch (rule.kind) {
      case AsciiRule::letter:
        word += rule.normalized;
        break;
      case AsciiRule::punctuation:
        end_word();
        word_piece.append({&rule.normalized, 1}, ids);
        break;
      case AsciiRule::space:
        end_word();
        break;
      case AsciiRule::dropped:
        break;
    }
  }
  end_word();
}

// BertPreTokenizer: words end at white space and around punctuation.
void Tokenizer::State::append_normalized(std::string_view text,
                                         std::vector<TokenId>& ids) const {
  std::size_t word = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const std::uint16_t properties = unicode::properties(unicode::next(text, i));
    if ((properties & (unicode::kSpace | unicode::kPunctuation)) == 0) {
      if (i < text.size()) continue;
      word_piece.append(text.substr(word), ids);
      break;
    }
    if (start > word) word_piece.append(text.substr(word, start - word), ids);
    if ((properties & unicode::kSpace) == 0) word_piece.append(text.substr(start, i - start), ids);
    word = i;
  }
}

Tokenizer Tokenizer::from_folder(const std::filesystem::path& folder) {
  const auto json = folder / "tokenizer.json";
  std::error_code ignored;
  if (std::filesystem::exists(json, ignored)) {
    return Tokenizer(std::make_unique<const State>(read_tokenizer_json(json)));
  }
  if (std::filesystem::exists(folder / "vocab.txt", ignored)) {
    return Tokenizer(std::make_unique<const State>(read_vocabulary(folder)));
  }
  throw Error(folder, "has neither tokenizer.json nor vocab.txt");
}

Tokenizer::Tokenizer(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Encoding Tokenizer::encode(std::string_view text, std::size_t max_length) const {
  const State& state = *state_;
  if (max_length < special_tokens()) throw std::invalid_argument("no room for the special tokens");
  const std::size_t end = max_length - state.after.size();
  Encoding encoding;
  encoding.ids.reserve(std::min(max_length, special_tokens() + text.size() / 3));
  encoding.ids = state.before;
  state.added.split(text, [&](const Segment& segment) {
    if (segment.token != nullptr) {
      encoding.ids.push_back(segment.token->id);
    } else {
      state.append_raw(segment.text, encoding.ids);
    }
  });
  encoding.tokens = encoding.ids.size() - state.before.size();
  if (encoding.ids.size() > end) {
    encoding.ids.resize(end);
    encoding.truncated = true;
  }
  encoding.ids.insert(encoding.ids.end(), state.after.begin(), state.after.end());
  return encoding;
}

std::size_t Tokenizer::special_tokens() const {
  return state_->before.size() + state_->after.size();
}

std::size_t Tokenizer::vocabulary_size() const { return state_->tokens.size(); }

const std::string& Tokenizer::token(TokenId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= state_->tokens.size()) {
    throw std::out_of_range("no token " + std::to_string(id));
  }
  return state_->tokens[static_cast<std::size_t>(id)];
}

}  // namespace normscope

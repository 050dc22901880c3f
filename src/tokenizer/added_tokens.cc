#include "tokenizer/added_tokens.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
// The reference gives a token outside the vocabulary the next free id, whatever the file says; a
// file that says something else is not one that it wrote.
std::vector<AddedToken> read_added_tokens(const JsonNode& node, const Vocabulary& vocabulary) {
  std::vector<AddedToken> tokens;
  if (node.is_null()) return tokens;
  std::size_t size = vocabulary.tokens().size();
  std::map<std::string, TokenId> known;
  for (const JsonNode& item : node.items()) {
    AddedToken token{.content = item.at("content").string(),
                     .id = item.at("id").token_id(),
                     .single_word = item.at("single_word").boolean_or(false),
                     .lstrip = item.at("lstrip").boolean_or(false),
                     .rstrip = item.at("rstrip").boolean_or(false)};
    if (token.content.empty()) continue;
    const std::optional<TokenId> in_vocabulary = vocabulary.find(token.content);
    const auto earlier = known.find(token.content);
    const TokenId expected = in_vocabulary            ? *in_vocabulary
                             : earlier != known.end() ? earlier->second
                                                      : static_cast<TokenId>(size);
    if (token.id != expected) {
      item.fail(fmt::format("the token {} has the id {}, the vocabulary makes it {}", token.content,
                            token.id, expected));
    }
    size = std::max(size, static_cast<std::size_t>(token.id) + 1);
    if (!known.emplace(token.content, token.id).second) continue;
    token.normalized = item.at("normalized").boolean_or(!item.at("special").boolean_or(false));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::size_t vocabulary_size_with(const Vocabulary& vocabulary, std::span<const AddedToken> added) {
  std::size_t size = vocabulary.tokens().size();
  for (const AddedToken& token : added) {
    size = std::max(size, static_cast<std::size_t>(token.id) + 1);
  }
  return size;
}

void AddedTokens::add(AddedToken token) {
  if (token.content.empty()) return;
  starts_[static_cast<unsigned char>(token.content.front())] = true;
  const auto at = std::find_if(tokens_.begin(), tokens_.end(), [&](const AddedToken& other) {
    return other.content.size() < token.content.size();
  });
  tokens_.insert(at, std::move(token));
}

const AddedToken* AddedTokens::longest_at(std::string_view text) const {
  const auto at = std::find_if(tokens_.begin(), tokens_.end(), [&](const AddedToken& token) {
    return text.starts_with(token.content);
  });
  return at == tokens_.end() ? nullptr : &*at;
}

bool AddedTokens::stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0) {
    std::size_t at = unicode::last_character(text.substr(0, begin));
    if (unicode::has(unicode::next(text, at), unicode::kWord)) return false;
  }
  return end == text.size() || !unicode::has(unicode::next(text, end), unicode::kWord);
}

}  // namespace normscope::tokenizer

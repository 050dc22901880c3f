#include "tokenizer/added_tokens.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

namespace {

// Those that can be found: of tokens with the same content the first counts.
std::vector<std::string> contents(const std::vector<AddedToken>& tokens) {
  std::vector<std::string> all;
  all.reserve(tokens.size());
  std::set<std::string_view> known;
  for (const AddedToken& token : tokens) {
    all.push_back(known.insert(token.content).second ? token.content : "");
  }
  return all;
}

}  // namespace

AddedToken read_added_token(const JsonNode& node, bool special) {
  AddedToken token{.content = node.at("content").string(),
                   .single_word = node.at("single_word").boolean_or(false),
                   .lstrip = node.at("lstrip").boolean_or(false),
                   .rstrip = node.at("rstrip").boolean_or(false),
                   .special = node.at("special").boolean_or(special)};
  token.normalized = node.at("normalized").boolean_or(!token.special);
  return token;
}

std::vector<AddedToken> read_added_tokens(const JsonNode& node) {
  std::vector<AddedToken> tokens;
  if (node.is_null()) return tokens;
  for (const JsonNode& item : node.items()) {
    AddedToken token = read_added_token(item, false);
    token.id = item.at("id").token_id();
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::vector<AddedToken> number_added_tokens(std::vector<AddedToken> tokens,
                                            const Vocabulary& vocabulary) {
  std::vector<AddedToken> numbered;
  std::map<std::string, std::size_t> places;
  auto next = static_cast<TokenId>(vocabulary.count());
  for (AddedToken& token : tokens) {
    if (token.content.empty()) continue;
    const auto [place, is_new] = places.try_emplace(token.content, numbered.size());
    if (!is_new) {
      AddedToken& known = numbered[place->second];
      token.id = known.id;
      known = std::move(token);
      continue;
    }
    token.id = vocabulary.find(token.content).value_or(next);
    next = std::max(next, token.id + 1);
    numbered.push_back(std::move(token));
  }
  return numbered;
}

std::size_t vocabulary_size_with(const Vocabulary& vocabulary, std::span<const AddedToken> added) {
  std::size_t size = vocabulary.tokens().size();
  for (const AddedToken& token : added) {
    size = std::max(size, static_cast<std::size_t>(token.id) + 1);
  }
  return size;
}

AddedTokens::AddedTokens(std::vector<AddedToken> tokens)
    : tokens_(std::move(tokens)), trie_(contents(tokens_)) {
  for (const AddedToken& token : tokens_) {
    if (!token.content.empty()) starts_[static_cast<unsigned char>(token.content.front())] = true;
  }
}

const AddedToken* AddedTokens::longest_at(std::string_view text) const {
  const AddedToken* longest = nullptr;
  trie_.for_each_prefix(text, [&](std::size_t /*bytes*/, TokenId at) {
    longest = &tokens_[static_cast<std::size_t>(at)];
  });
  return longest;
}

bool AddedTokens::stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0) {
    std::size_t at = unicode::last_character(text.substr(0, begin));
    if (unicode::has(unicode::next(text, at), unicode::kWord)) return false;
  }
  return end == text.size() || !unicode::has(unicode::next(text, end), unicode::kWord);
}

}  // namespace normscope::tokenizer

#include "tokenizer/added_tokens.h"

#include <utility>

#include "tokenizer/unicode.h"

namespace normscope {
namespace {

// Where the last character of valid UTF-8 begins.
std::size_t last_character(std::string_view text) {
  std::size_t at = text.size() - 1;
  while ((static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) --at;
  return at;
}

}  // namespace

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
    std::size_t at = last_character(text.substr(0, begin));
    if (unicode::has(unicode::next(text, at), unicode::kWord)) return false;
  }
  return end == text.size() || !unicode::has(unicode::next(text, end), unicode::kWord);
}

std::size_t AddedTokens::spaces_at_start(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size()) {
    std::size_t after = end;
    if (!unicode::has(unicode::next(text, after), unicode::kSpace)) break;
    end = after;
  }
  return end;
}

std::size_t AddedTokens::spaces_at_end(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0) {
    const std::size_t character = last_character(text.substr(0, begin));
    std::size_t at = character;
    if (!unicode::has(unicode::next(text, at), unicode::kSpace)) break;
    begin = character;
  }
  return text.size() - begin;
}

}  // namespace normscope

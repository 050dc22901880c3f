#include "tokenizer/wordpiece.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace normscope {
namespace {

constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

std::uint64_t hash_of(std::string_view token) {
  std::uint64_t hash = Vocabulary::kHashStart;
  for (const char byte : token) hash = Vocabulary::hash_on(hash, byte);
  return hash;
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens)
    : tokens_(std::move(tokens)),
      slots_(std::bit_ceil(std::max<std::size_t>(16, 2 * tokens_.size()))) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t id = 0; id < tokens_.size(); ++id) {
    const std::string& token = tokens_[id];
    longest_ = std::max(longest_, token.size());
    const std::uint64_t hash = hash_of(token);
    std::size_t at = hash & mask;
    while (slots_[at].id >= 0 && tokens_[static_cast<std::size_t>(slots_[at].id)] != token) {
      at = (at + 1) & mask;
    }
    slots_[at] = {.tag = static_cast<std::uint32_t>(hash >> 32U), .id = static_cast<TokenId>(id)};
  }
}

std::optional<TokenId> Vocabulary::find(std::uint64_t hash, std::string_view prefix,
                                        std::string_view rest) const {
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32U);
  for (std::size_t at = hash & mask; slots_[at].id >= 0; at = (at + 1) & mask) {
    if (slots_[at].tag != tag) continue;
    const std::string_view token = tokens_[static_cast<std::size_t>(slots_[at].id)];
    if (token.size() == prefix.size() + rest.size() && token.starts_with(prefix) &&
        token.ends_with(rest)) {
      return slots_[at].id;
    }
  }
  return std::nullopt;
}

std::optional<TokenId> Vocabulary::find(std::string_view token) const {
  return find(hash_of(token), {}, token);
}

WordPiece::WordPiece(Vocabulary vocabulary, WordPieceOptions options)
    : vocabulary_(std::move(vocabulary)),
      options_(std::move(options)),
      prefix_hash_(hash_of(options_.continuing_subword_prefix)),
      unknown_(vocabulary_.find(options_.unk_token).value()) {}

void WordPiece::append(std::string_view word, std::vector<TokenId>& ids) const {
  const std::size_t before = ids.size();
  const auto unknown = [&] {
    ids.resize(before);
    ids.push_back(unknown_);
  };
  if (word.size() > options_.max_input_chars_per_word) {
    const auto characters = static_cast<std::size_t>(
        word.size() - std::count_if(word.begin(), word.end(), continues_character));
    if (characters > options_.max_input_chars_per_word) return unknown();
  }
  std::string_view prefix;
  std::uint64_t start_hash = Vocabulary::kHashStart;
  // Beyond this many bytes there is nothing to find; longer vocabularies take a vector.
  constexpr std::size_t kInline = 128;
  std::array<std::uint64_t, kInline> inline_hashes;
  std::vector<std::uint64_t> many_hashes;
  std::uint64_t* hashes = inline_hashes.data();
  if (vocabulary_.longest() > kInline) {
    many_hashes.resize(vocabulary_.longest());
    hashes = many_hashes.data();
  }
  while (!word.empty()) {
    // hashes[i]: of the prefix and the first i + 1 bytes.
    const std::size_t longest = std::min(
        word.size(), vocabulary_.longest() - std::min(vocabulary_.longest(), prefix.size()));
    std::uint64_t hash = start_hash;
    for (std::size_t i = 0; i < longest; ++i) hashes[i] = hash = Vocabulary::hash_on(hash, word[i]);
    std::size_t length = longest;
    std::optional<TokenId> id;
    for (; length > 0; --length) {
      if (length < word.size() && continues_character(word[length])) continue;
      id = vocabulary_.find(hashes[length - 1], prefix, word.substr(0, length));
      if (id) break;
    }
    if (!id) return unknown();
    ids.push_back(*id);
    word.remove_prefix(length);
    prefix = options_.continuing_subword_prefix;
    start_hash = prefix_hash_;
  }
}

}  // namespace normscope

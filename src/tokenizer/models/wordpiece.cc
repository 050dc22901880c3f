#include "tokenizer/models/wordpiece.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace normscope::tokenizer {
namespace {

constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

}  // namespace

WordPiece WordPiece::read(const JsonNode& node) {
  Vocabulary vocabulary = read_vocabulary(node.at("vocab"));
  WordPieceOptions options;
  options.unk_token = node.at("unk_token").string_or(options.unk_token);
  options.continuing_subword_prefix =
      node.at("continuing_subword_prefix").string_or(options.continuing_subword_prefix);
  if (const JsonNode limit = node.at("max_input_chars_per_word"); !limit.is_null()) {
    if (limit.integer() < 0) limit.fail("is negative");
    options.max_input_chars_per_word = static_cast<std::size_t>(limit.integer());
  }
  if (!vocabulary.find(options.unk_token)) {
    node.fail(fmt::format("the vocabulary lacks the unknown token {}", options.unk_token));
  }
  return {std::move(vocabulary), std::move(options)};
}

WordPiece::WordPiece(Vocabulary vocabulary, WordPieceOptions options)
    : vocabulary_(std::move(vocabulary)),
      options_(std::move(options)),
      prefix_hash_(Vocabulary::hash_of(options_.continuing_subword_prefix)),
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
  if (const std::size_t most = std::min(word.size(), vocabulary_.longest()); most > kInline) {
    many_hashes.resize(most);
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

}  // namespace normscope::tokenizer

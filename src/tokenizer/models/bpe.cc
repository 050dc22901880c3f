#include "tokenizer/models/bpe.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
namespace {

// A token of the piece, in a list of the remaining ones.
struct Symbol {
  TokenId id = 0;
  std::int32_t before = -1;
  std::int32_t after = -1;
  bool merged = false;  // into the one before it
};

struct Candidate {
  std::uint32_t rank = 0;
  std::int32_t at = 0;
  TokenId id = 0;

  // For a heap whose top is the leftmost of the pairs with the lowest rank.
  friend bool operator<(const Candidate& a, const Candidate& b) {
    return std::tie(b.rank, b.at) < std::tie(a.rank, a.at);
  }
};

void merge_all(const PairTable& merges, std::vector<TokenId>& ids, std::size_t from) {
  thread_local std::vector<Symbol> symbols;
  thread_local std::vector<Candidate> heap;
  const auto count = static_cast<std::int32_t>(ids.size() - from);
  symbols.resize(static_cast<std::size_t>(count));
  heap.clear();
  const auto symbol = [&](std::int32_t at) -> Symbol& {
    return symbols[static_cast<std::size_t>(at)];
  };
  const auto offer = [&](std::int32_t at) {
    const PairTable::Merge* merge = merges.find(symbol(at).id, symbol(symbol(at).after).id);
    if (merge == nullptr) return;
    heap.push_back({.rank = merge->rank, .at = at, .id = merge->id});
    std::push_heap(heap.begin(), heap.end());
  };
  for (std::int32_t i = 0; i < count; ++i) {
    symbol(i) = {.id = ids[from + static_cast<std::size_t>(i)],
                 .before = i - 1,
                 .after = i + 1 < count ? i + 1 : -1};
  }
  for (std::int32_t i = 0; i + 1 < count; ++i) offer(i);
  while (!heap.empty()) {
    const Candidate top = heap.front();
    std::pop_heap(heap.begin(), heap.end());
    heap.pop_back();
    Symbol& left = symbol(top.at);
    if (left.merged || left.after < 0) continue;
    // There may be a different pair by now; it is merged all the same if it becomes the same token.
    Symbol& right = symbol(left.after);
    const PairTable::Merge* merge = merges.find(left.id, right.id);
    if (merge == nullptr || merge->id != top.id) continue;
    left.id = top.id;
    left.after = right.after;
    right.merged = true;
    if (right.after >= 0) symbol(right.after).before = top.at;
    if (left.before >= 0) offer(left.before);
    if (left.after >= 0) offer(top.at);
  }
  ids.resize(from);
  for (std::int32_t i = 0; i >= 0 && i < count; i = symbol(i).after) ids.push_back(symbol(i).id);
}

}  // namespace

MergedPair read_merge_line(std::string_view line, const JsonNode& node) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos) {
    node.fail(fmt::format("is not two tokens with a space between them: {}", line));
  }
  return {.first = std::string(line.substr(0, space)),
          .second = std::string(line.substr(space + 1))};
}

PairTable table_of(const std::vector<MergedPair>& pairs, const Vocabulary& vocabulary,
                   std::string_view continuing_subword_prefix, const JsonNode& node) {
  PairTable table(pairs.size());
  const auto id_of = [&](const std::string& token) {
    const std::optional<TokenId> id = vocabulary.find(token);
    if (!id) node.fail(fmt::format("the vocabulary lacks the token {} of the merges", token));
    return *id;
  };
  std::uint32_t rank = 0;
  for (const auto& [first, second] : pairs) {
    const TokenId left = id_of(first);
    const TokenId right = id_of(second);
    if (second.size() < continuing_subword_prefix.size()) {
      node.fail(fmt::format("the token {} is shorter than the prefix {}", second,
                            continuing_subword_prefix));
    }
    const TokenId merged = id_of(first + second.substr(continuing_subword_prefix.size()));
    table.set(left, right, {.rank = rank++, .id = merged});
  }
  return table;
}

Bpe Bpe::read(const JsonNode& node) {
  Vocabulary vocabulary = read_vocabulary(node.at("vocab"));
  BpeOptions options;
  const JsonNode unknown = node.at("unk_token");
  if (!unknown.is_null()) {
    options.unk_token = unknown.string();
    if (!vocabulary.find(*options.unk_token)) {
      node.fail(fmt::format("the vocabulary lacks the unknown token {}", *options.unk_token));
    }
  }
  const JsonNode prefix = node.at("continuing_subword_prefix");
  options.continuing_subword_prefix = prefix.string_or("");
  // The reference counts its characters and removes as many bytes.
  if (std::any_of(options.continuing_subword_prefix.begin(),
                  options.continuing_subword_prefix.end(),
                  [](char c) { return (c & 0x80) != 0; })) {
    prefix.fail("a prefix that is not ASCII is not supported");
  }
  options.end_of_word_suffix = node.at("end_of_word_suffix").string_or("");
  options.fuse_unk = node.at("fuse_unk").boolean_or(false);
  options.byte_fallback = node.at("byte_fallback").boolean_or(false);
  options.ignore_merges = node.at("ignore_merges").boolean_or(false);
  const JsonNode dropout = node.at("dropout");
  if (!dropout.is_null() && !(dropout.json().is_number() && dropout.json().get<double>() == 0)) {
    dropout.fail("is not supported: ids would be random");
  }
  std::vector<MergedPair> pairs;
  for (const JsonNode& merge : node.at("merges").items()) {
    if (!merge.json().is_string()) {
      const std::vector<JsonNode> pair = merge.items();
      if (pair.size() != 2) merge.fail("is not a pair of tokens");
      pairs.push_back({.first = pair[0].string(), .second = pair[1].string()});
    } else if (!merge.string().starts_with("#version")) {
      pairs.push_back(read_merge_line(merge.string(), merge));
    }
  }
  PairTable merges =
      table_of(pairs, vocabulary, options.continuing_subword_prefix, node.at("merges"));
  return {std::move(vocabulary), std::move(merges), std::move(options)};
}

Bpe::Bpe(Vocabulary vocabulary, PairTable merges, BpeOptions options)
    : vocabulary_(std::move(vocabulary)),
      merges_(std::move(merges)),
      options_(std::move(options)),
      bytes_(vocabulary_) {
  if (options_.unk_token) unknown_ = vocabulary_.find(*options_.unk_token);
}

void Bpe::append(std::string_view piece, std::vector<TokenId>& ids) const {
  if (options_.ignore_merges) {
    if (const std::optional<TokenId> whole = vocabulary_.find(piece)) return ids.push_back(*whole);
  }
  const std::size_t before = ids.size();
  append_symbols(piece, ids);
  merge_all(merges_, ids, before);
}

void Bpe::append_symbols(std::string_view piece, std::vector<TokenId>& symbols) const {
  // The unknown token is added only before the next known character, even after tokens of bytes.
  bool waits = false;
  const auto flush = [&] {
    if (std::exchange(waits, false)) symbols.push_back(*unknown_);
  };
  std::string decorated;
  for (std::size_t i = 0; i < piece.size();) {
    const std::size_t begin = i;
    unicode::next(piece, i);
    std::string_view character = piece.substr(begin, i - begin);
    const bool prefixed = begin > 0 && !options_.continuing_subword_prefix.empty();
    const bool suffixed = i == piece.size() && !options_.end_of_word_suffix.empty();
    if (prefixed || suffixed) {
      decorated = prefixed ? options_.continuing_subword_prefix : "";
      decorated += character;
      if (suffixed) decorated += options_.end_of_word_suffix;
      character = decorated;
    }
    if (const std::optional<TokenId> id = vocabulary_.find(character)) {
      flush();
      symbols.push_back(*id);
      continue;
    }
    if (options_.byte_fallback && bytes_.append(character, symbols)) continue;
    if (!unknown_) continue;
    if (!options_.fuse_unk) flush();
    waits = true;
  }
  flush();
}

}  // namespace normscope::tokenizer

#include "tokenizer/models/unigram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "normscope/error.h"
#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
namespace {

constexpr double kUnknownPenalty = 10;
constexpr std::size_t kUnreached = std::string_view::npos;

}  // namespace

Unigram Unigram::read(const JsonNode& node) {
  const JsonNode pieces = node.at("vocab");
  std::vector<std::string> tokens;
  std::vector<double> scores;
  for (const JsonNode& piece : pieces.items()) {
    const std::vector<JsonNode> pair = piece.items();
    if (pair.size() != 2 || !pair[1].json().is_number()) piece.fail("is not a token and its score");
    tokens.push_back(pair[0].string());
    scores.push_back(pair[1].json().get<double>());
  }
  if (tokens.size() > static_cast<std::size_t>(kMostTokens)) {
    pieces.fail(fmt::format("has more than {} tokens", kMostTokens));
  }
  const JsonNode unknown = node.at("unk_id");
  if (unknown.is_null()) unknown.fail("a Unigram model without an unknown token is not supported");
  if (static_cast<std::size_t>(unknown.token_id()) >= tokens.size()) {
    unknown.fail(fmt::format("there is no token with the id {}", unknown.token_id()));
  }
  return {std::move(tokens), std::move(scores), unknown.token_id(),
          node.at("byte_fallback").boolean_or(false)};
}

Unigram::Unigram(std::vector<std::string> tokens, std::vector<double> scores, TokenId unknown,
                 bool byte_fallback)
    : vocabulary_(std::move(tokens)),
      scores_(std::move(scores)),
      trie_(vocabulary_.tokens()),
      bytes_(vocabulary_),
      unknown_score_(*std::min_element(scores_.begin(), scores_.end()) - kUnknownPenalty),
      unknown_(unknown),
      byte_fallback_(byte_fallback) {}

void Unigram::set_unknown(TokenId unknown, const std::filesystem::path& file) {
  if (static_cast<std::size_t>(unknown) >= scores_.size()) {
    throw Error(file, fmt::format("there is no token with the id {}, the unknown one", unknown));
  }
  unknown_ = unknown;
  byte_fallback_ = false;
}

void Unigram::append(std::string_view piece, std::vector<TokenId>& ids) const {
  // The best way to each byte.
  struct Best {
    double score = 0;
    std::size_t begin = kUnreached;
    TokenId last = 0;
  };
  thread_local std::vector<Best> best;
  best.assign(piece.size() + 1, Best{});
  for (std::size_t begin = 0; begin < piece.size();) {
    const double before = best[begin].score;
    const auto offer = [&](std::size_t end, double score, TokenId id) {
      Best& there = best[end];
      if (there.begin == kUnreached || score > there.score) {
        there = {.score = score, .begin = begin, .last = id};
      }
    };
    std::size_t next = begin;
    unicode::next(piece, next);
    bool character = false;
    trie_.for_each_prefix(piece.substr(begin), [&](std::size_t length, TokenId id) {
      offer(begin + length, scores_[static_cast<std::size_t>(id)] + before, id);
      character = character || begin + length == next;
    });
    if (!character) offer(next, unknown_score_ + before, unknown_);
    begin = next;
  }
  // Backwards; unknown neighbours are one stretch.
  thread_local std::vector<std::pair<std::size_t, TokenId>> path;
  path.clear();
  for (std::size_t end = piece.size(); end > 0; end = best[end].begin) {
    path.emplace_back(best[end].begin, best[end].last);
  }
  for (std::size_t i = path.size(); i-- > 0;) {
    if (path[i].second != unknown_) {
      ids.push_back(path[i].second);
      continue;
    }
    const std::size_t begin = path[i].first;
    while (i > 0 && path[i - 1].second == unknown_) --i;
    const std::size_t end = i > 0 ? path[i - 1].first : piece.size();
    append_unknown(piece.substr(begin, end - begin), ids);
  }
}

void Unigram::append_unknown(std::string_view stretch, std::vector<TokenId>& ids) const {
  if (const std::optional<TokenId> id = vocabulary_.find(stretch)) {
    ids.push_back(*id);
  } else if (!byte_fallback_ || !bytes_.append(stretch, ids)) {
    ids.push_back(unknown_);
  }
}

}  // namespace normscope::tokenizer

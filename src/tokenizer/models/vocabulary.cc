#include "tokenizer/models/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>
#include <utility>

namespace normscope::tokenizer {

Vocabulary::Vocabulary(std::vector<std::string> tokens, std::optional<std::size_t> count)
    : tokens_(std::move(tokens)),
      slots_(std::bit_ceil(std::max<std::size_t>(16, 2 * tokens_.size()))),
      count_(count.value_or(tokens_.size())) {
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

std::uint64_t Vocabulary::hash_of(std::string_view token) {
  std::uint64_t hash = kHashStart;
  for (const char byte : token) hash = hash_on(hash, byte);
  return hash;
}

Vocabulary read_vocabulary(const JsonNode& node) {
  if (!node.is_object()) node.fail("is not an object");
  std::vector<std::string> tokens;
  std::vector<bool> taken;
  for (const auto& [token, value] : node.json().items()) {
    const auto id = static_cast<std::size_t>(node.child(token, value).token_id());
    // Ids may leave gaps, but not so many that this cannot be a vocabulary.
    if (id >= 4 * node.json().size() + 1024) {
      node.fail(fmt::format("id {} in a vocabulary of {}", id, node.json().size()));
    }
    if (id >= tokens.size()) {
      tokens.resize(std::max(id + 1, 2 * tokens.size()));
      taken.resize(tokens.size());
    }
    if (taken[id]) node.fail(fmt::format("two tokens have the id {}", id));
    taken[id] = true;
    tokens[id] = token;
  }
  while (!tokens.empty() && !taken[tokens.size() - 1]) tokens.pop_back();
  return Vocabulary(std::move(tokens), node.json().size());
}

}  // namespace normscope::tokenizer

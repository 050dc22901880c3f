#include "tokenizer/normalizers/precompiled.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "normscope/text.h"
#include "tokenizer/unicode.h"
#include "tokenizer/unicode_graphemes.h"

namespace normscope::tokenizer {
namespace {

// In bytes. Replacements of clusters are shorter; one may replace every byte of a text.
constexpr std::size_t kLongestText = 64;
constexpr std::size_t kShortCluster = 6;

std::string from_base64(const JsonNode& node) {
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  std::string_view text = node.string();
  while (text.ends_with('=')) text.remove_suffix(1);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<int, 256> values;
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int>(i);
  }
  for (const char c : text) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) node.fail("is not Base64");
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xffU);
  }
  return bytes;
}

}  // namespace

Precompiled read_charsmap(std::string_view bytes, const JsonNode& node) {
  std::uint32_t size = 0;
  if (bytes.size() < sizeof size) node.fail("is too short for a map of characters");
  std::memcpy(&size, bytes.data(), sizeof size);
  bytes.remove_prefix(sizeof size);
  if (size == 0 || size % sizeof(std::uint32_t) != 0 || size > bytes.size()) {
    node.fail(fmt::format("a map of characters whose trie has {} bytes", size));
  }
  std::vector<std::uint32_t> trie(size / sizeof(std::uint32_t));
  std::memcpy(trie.data(), bytes.data(), size);
  std::string texts(bytes.substr(size));
  if (!is_utf8(texts)) node.fail("the texts of the map of characters are not UTF-8");
  texts += '\0';
  for (std::size_t at = 0; at < texts.size();) {
    const std::size_t end = texts.find('\0', at);
    if (end - at > kLongestText) {
      node.fail(fmt::format("the map of characters has a text longer than {} bytes", kLongestText));
    }
    at = end + 1;
  }
  return {std::move(trie), std::move(texts)};
}

Precompiled Precompiled::read(const JsonNode& node) {
  const JsonNode map = node.at("precompiled_charsmap");
  return read_charsmap(from_base64(map), map);
}

Precompiled::Precompiled(std::vector<std::uint32_t> trie, std::string texts)
    : trie_(std::move(trie)), texts_(std::move(texts)) {
  for (std::size_t c = 0; c < stays_.size(); ++c) {
    const char text = static_cast<char>(c);
    stays_[c] = !look_up({&text, 1});
  }
}

// A unit holds the label that leads to it (bits 0 to 7, the highest bit is set in values), whether
// a value is among its children (bit 8) and how far they are (bits 10 to 30, by 256 where bit 9 is
// set). Values that point outside the texts or into a character are ignored.
std::optional<std::string_view> Precompiled::look_up(std::string_view text) const {
  const auto children = [](std::uint32_t unit) { return unit >> 10U << ((unit & 0x200U) >> 6U); };
  std::size_t at = children(trie_.front());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    at ^= byte;
    if (byte == 0 || at >= trie_.size()) return std::nullopt;
    const std::uint32_t unit = trie_[at];
    if ((unit & 0x800000ffU) != byte) return std::nullopt;
    at ^= children(unit);
    if ((unit >> 8U & 1U) == 0) continue;
    if (at >= trie_.size()) return std::nullopt;
    const std::size_t begin = trie_[at] & 0x7fffffffU;
    if (begin >= texts_.size() || (static_cast<unsigned char>(texts_[begin]) & 0xc0U) == 0x80U) {
      return std::nullopt;
    }
    return std::string_view(texts_).substr(begin, texts_.find('\0', begin) - begin);
  }
  return std::nullopt;
}

void Precompiled::normalize(std::string_view text, std::string& normalized) const {
  const auto ascii = [&](std::size_t at) { return (text[at] & 0x80) == 0; };
  for (std::size_t i = 0; i < text.size();) {
    // ASCII before ASCII is a cluster of its own, except for line ends that the map has.
    std::size_t end = i;
    while (end < text.size() && ascii(end) && stays_[static_cast<unsigned char>(text[end])] &&
           text[end] != '\r' && (end + 1 == text.size() || ascii(end + 1))) {
      ++end;
    }
    normalized += text.substr(i, end - i);
    i = end;
    if (i == text.size()) break;
    end = unicode::grapheme_end(text, i);
    if (end - i < kShortCluster) {
      if (const auto whole = look_up(text.substr(i, end - i))) {
        normalized += *whole;
        i = end;
        continue;
      }
    }
    while (i < end) {
      const std::size_t begin = i;
      unicode::next(text, i);
      const std::string_view character = text.substr(begin, i - begin);
      normalized += look_up(character).value_or(character);
    }
  }
}

}  // namespace normscope::tokenizer

#include "tokenizer/models/byte_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace normscope::tokenizer {

ByteTokens::ByteTokens(const Vocabulary& vocabulary) {
  for (std::size_t byte = 0; byte < tokens_.size(); ++byte) {
    tokens_[byte] = vocabulary.find(fmt::format("<0x{:02X}>", byte));
  }
}

bool ByteTokens::append(std::string_view text, std::vector<TokenId>& ids) const {
  const auto token = [&](char byte) { return tokens_[static_cast<unsigned char>(byte)]; };
  if (!std::all_of(text.begin(), text.end(), [&](char byte) { return token(byte).has_value(); })) {
    return false;
  }
  for (const char byte : text) ids.push_back(*token(byte));
  return true;
}

}  // namespace normscope::tokenizer

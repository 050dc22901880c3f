#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/models/vocabulary.h"

namespace normscope::tokenizer {

/// The tokens <0x00> to <0xFF>, of which a vocabulary may have some.
class ByteTokens {
 public:
  explicit ByteTokens(const Vocabulary& vocabulary);

  /// Appends a token for each byte of `text`; does nothing and returns false if one is missing.
  bool append(std::string_view text, std::vector<TokenId>& ids) const;

 private:
  std::array<std::optional<TokenId>, 256> tokens_;
};

}  // namespace normscope::tokenizer

#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tokenizer/json_node.h"
#include "tokenizer/normalizers/bert_normalizer.h"
#include "tokenizer/normalizers/byte_level_normalizer.h"
#include "tokenizer/normalizers/lowercase.h"
#include "tokenizer/normalizers/nmt.h"
#include "tokenizer/normalizers/normalization_form.h"
#include "tokenizer/normalizers/precompiled.h"
#include "tokenizer/normalizers/prepend.h"
#include "tokenizer/normalizers/replace.h"
#include "tokenizer/normalizers/strip.h"
#include "tokenizer/normalizers/strip_accents.h"

namespace normscope::tokenizer {

/// The normalizers that tokenizer.json can name. Each has its `type`, a reader and `void
/// normalize(std::string_view text, std::string& normalized) const`, which appends.
using NormalizerStep = std::variant<BertNormalizer, ByteLevelNormalizer, Lowercase, Nfc, Nfd, Nfkc,
                                    Nfkd, Nmt, Precompiled, Prepend, Replace, Strip, StripAccents>;

/// The normalizer of a tokenizer: steps applied one after the other. Without any, the text is
/// unchanged.
class Normalizer {
 public:
  Normalizer() = default;
  explicit Normalizer(std::vector<NormalizerStep> steps) : steps_(std::move(steps)) {}

  /// Takes valid UTF-8, and returns valid UTF-8.
  [[nodiscard]] std::string normalize(std::string_view text) const;

  /// Whether the result begins with what the start of `text` became, and not after something that
  /// was removed from it.
  [[nodiscard]] bool keeps_start(std::string_view text) const;

  [[nodiscard]] const std::vector<NormalizerStep>& steps() const { return steps_; }

 private:
  std::vector<NormalizerStep> steps_;
};

/// Reads tokenizer.json's "normalizer": null, one, or a Sequence of them. Throws Error.
Normalizer read_normalizer(const JsonNode& node);

}  // namespace normscope::tokenizer

#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

struct BertNormalizer {
  static constexpr std::string_view kType = "BertNormalizer";
  static BertNormalizer read(const JsonNode& node);

  bool clean_text = true;
  bool handle_chinese_chars = true;
  bool strip_accents = true;
  bool lowercase = true;

  /// Appends the normalized `text` (valid UTF-8) to `normalized`. Cutting a text at a space and
  /// normalizing the parts gives the same as normalizing the whole.
  void normalize(std::string_view text, std::string& normalized) const;
};

}  // namespace normscope::tokenizer

#pragma once

#include <string>
#include <string_view>

namespace normscope {

/// BertNormalizer of Hugging Face `tokenizers`.
struct NormalizerOptions {
  bool clean_text = true;
  bool handle_chinese_chars = true;
  bool strip_accents = true;
  bool lowercase = true;
};

/// Appends the normalized `text` (valid UTF-8) to `normalized`. Cutting a text at a space and
/// normalizing the parts gives the same as normalizing the whole.
void normalize(std::string_view text, const NormalizerOptions& options, std::string& normalized);

}  // namespace normscope

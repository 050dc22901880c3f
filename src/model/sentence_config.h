#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace normscope {

/// How sentence-transformers is to read a text: sentence_bert_config.json, or what older models
/// call it.
struct SentenceConfig {
  /// Its name; empty if there is none.
  std::string file;
  /// Most tokens of a sentence, the special ones included.
  std::optional<std::size_t> max_length;
  /// Whether texts are lower-cased first.
  bool lower_case = false;
};

/// Of the folder of the encoder's files. Throws Error.
SentenceConfig read_sentence_config(const std::filesystem::path& folder);

}  // namespace normscope

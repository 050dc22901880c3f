#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace normscope {

/// How sentence-transformers should read a text: sentence_bert_config.json, or its name in older
/// models.
struct SentenceConfig {
  /// The file's path from the model's folder; empty if there is none.
  std::string file;
  /// At most this many tokens of a sentence, the special ones included.
  std::optional<std::size_t> max_length;
  /// Whether texts are lower-cased first.
  bool lower_case = false;
  /// A key that makes encode() do something else than we do; empty if there is none.
  std::string unsupported;
  /// Whether encode() follows the file: only if there is a modules.json.
  bool counts = false;
};

/// Reads it from the folder of the encoder's files in a model's folder. Throws Error.
SentenceConfig read_sentence_config(const std::filesystem::path& folder);

}  // namespace normscope

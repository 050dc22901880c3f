#pragma once

#include <filesystem>

#include "tokenizer/tokenizer_parts.h"

namespace normscope::tokenizer {

/// Reads a folder with vocab.txt and, where it is there, tokenizer_config.json, as
/// BertTokenizerFast of transformers does. Throws Error.
TokenizerParts read_vocab_txt(const std::filesystem::path& folder);

}  // namespace normscope::tokenizer

#pragma once

#include <filesystem>

#include "tokenizer/tokenizer_parts.h"

namespace normscope::tokenizer {

/// Reads tokenizer.json. Throws Error.
TokenizerParts read_tokenizer_json(const std::filesystem::path& file);

}  // namespace normscope::tokenizer

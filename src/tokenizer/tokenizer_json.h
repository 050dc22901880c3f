#pragma once

#include <filesystem>

#include "tokenizer/reference_json.h"
#include "tokenizer/tokenizer_parts.h"

namespace normscope::tokenizer {

/// Reads tokenizer.json as `parser` does. Throws Error.
TokenizerParts read_tokenizer_json(const std::filesystem::path& file, ReferenceParser parser);

}  // namespace normscope::tokenizer

#pragma once

#include <filesystem>

#include "tokenizer/tokenizer_parts.h"

namespace normscope::tokenizer {

/// Reads the tokenizer of a model's folder, or of the one below it that modules.json gives to the
/// Transformer. Throws Error.
TokenizerParts read_folder(const std::filesystem::path& folder);

}  // namespace normscope::tokenizer

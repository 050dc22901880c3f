#pragma once

#include <filesystem>
#include <string>

#include "tokenizer/models/wordpiece.h"

namespace normscope::tokenizer {

/// Reads vocab.txt, one token per line, for a model with this unknown token. Throws Error.
WordPiece read_vocab_txt(const std::filesystem::path& file, std::string unk_token);

}  // namespace normscope::tokenizer

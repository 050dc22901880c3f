#pragma once

#include <filesystem>

#include "tokenizer/models/bpe.h"

namespace normscope::tokenizer {

/// Reads vocab.json, tokens and their ids, and merges.txt, one pair of tokens per line. Throws
/// Error.
Bpe read_merges_txt(const std::filesystem::path& vocabulary, const std::filesystem::path& merges);

}  // namespace normscope::tokenizer

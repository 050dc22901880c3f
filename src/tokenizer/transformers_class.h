#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/config_files.h"
#include "tokenizer/tokenizer_parts.h"

namespace normscope::tokenizer {

/// What AutoTokenizer of transformers 5 makes of a tokenizer's parts: several of its classes take
/// only the vocabulary from tokenizer.json and build the rest from tokenizer_config.json. Numbers
/// the added tokens of all files. `name` is the class, `file` holds the vocabulary. Throws Error,
/// also if the model is not of the class's kind.
TokenizerParts as_transformers_has_it(TokenizerParts parts, const ConfigFiles& config,
                                      const std::string& name, const std::filesystem::path& file,
                                      const std::vector<AddedToken>& of_pieces = {});

/// False for a class of transformers that builds a tokenizer of its own, which is not known here.
bool is_supported(std::string_view name);

/// Whether the class `name` takes only the vocabulary, the merges and the map of characters from
/// tokenizer.json.
bool takes_vocabulary_only(std::string_view name);

/// The unknown token of the class `name` if no file names one; empty if it has none.
std::string default_unk_token(std::string_view name);

}  // namespace normscope::tokenizer

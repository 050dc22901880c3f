#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/config_files.h"
#include "tokenizer/tokenizer_parts.h"

namespace normscope::tokenizer {

/// What AutoTokenizer of transformers 5 makes of a tokenizer's parts: several of its classes take
/// the vocabulary alone from tokenizer.json and build the rest from tokenizer_config.json. The
/// added tokens are numbered, those of all files. `name` is the class, `file` holds the vocabulary.
/// Throws Error, also if the model is not of the kind that the class has.
TokenizerParts as_transformers_has_it(TokenizerParts parts, const ConfigFiles& config,
                                      const std::string& name, const std::filesystem::path& file,
                                      const std::vector<AddedToken>& of_pieces = {});

/// The unknown token that the class `name` takes where no file says so; empty if it has none.
std::string default_unk_token(std::string_view name);

}  // namespace normscope::tokenizer

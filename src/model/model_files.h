#pragma once

#include <array>

namespace normscope {

/// The files of a model's folder, as `save_pretrained` of Hugging Face transformers names them: the
/// one list of what is loaded, hashed and fetched.
constexpr const char* kConfigFile = "config.json";
constexpr const char* kWeightsFile = "model.safetensors";
constexpr const char* kShardIndexFile = "model.safetensors.index.json";

/// A tokenizer can be made from either of the first two; the others, where they are there, say
/// more.
constexpr const char* kTokenizerFile = "tokenizer.json";
constexpr const char* kVocabularyFile = "vocab.txt";
inline constexpr std::array kTokenizerFiles{kTokenizerFile, kVocabularyFile,
                                            "tokenizer_config.json", "special_tokens_map.json",
                                            "added_tokens.json"};

}  // namespace normscope

#pragma once

#include <array>

namespace normscope {

/// The files of a model's folder, as `save_pretrained` of Hugging Face transformers names them: the
/// one list of what is loaded, hashed and fetched.
constexpr const char* kConfigFile = "config.json";

/// The weights, in one file, or in several that an index lists.
struct WeightLayout {
  const char* whole;
  const char* index;
};
/// What transformers looks for, in its order: safetensors, and pickles.
inline constexpr std::array<WeightLayout, 2> kWeightLayouts{
    {{.whole = "model.safetensors", .index = "model.safetensors.index.json"},
     {.whole = "pytorch_model.bin", .index = "pytorch_model.bin.index.json"}}};
constexpr const char* kNoWeights =
    "has no weights: neither model.safetensors nor pytorch_model.bin, nor an index of several "
    "files";

/// A tokenizer can be made from either of the first two; the others, where they are there, say
/// more.
constexpr const char* kTokenizerFile = "tokenizer.json";
constexpr const char* kVocabularyFile = "vocab.txt";
inline constexpr std::array kTokenizerFiles{kTokenizerFile, kVocabularyFile,
                                            "tokenizer_config.json", "special_tokens_map.json",
                                            "added_tokens.json"};

}  // namespace normscope

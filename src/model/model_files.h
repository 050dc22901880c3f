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

/// A tokenizer can be made from any of these, from vocab.json with merges.txt.
inline constexpr std::array kVocabularyFiles{"tokenizer.json", "vocab.txt", "vocab.json",
                                             "spm.model"};
/// The others, where they are there, say more.
inline constexpr std::array kTokenizerFiles{
    kVocabularyFiles[0], kVocabularyFiles[1],     kVocabularyFiles[2],       kVocabularyFiles[3],
    "merges.txt",        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"};

}  // namespace normscope

#pragma once

#include <array>

namespace normscope {

/// The files of a model's folder, as `save_pretrained` of Hugging Face transformers and of
/// sentence-transformers names them: the one list of what is loaded, hashed and fetched.
constexpr const char* kConfigFile = "config.json";

/// The weights, in one file, or in several that an index lists.
struct WeightLayout {
  const char* whole;
  const char* index;
};
/// The files that transformers looks for, in its order: safetensors, then pickles.
inline constexpr std::array<WeightLayout, 2> kWeightLayouts{
    {{.whole = "model.safetensors", .index = "model.safetensors.index.json"},
     {.whole = "pytorch_model.bin", .index = "pytorch_model.bin.index.json"}}};
constexpr const char* kNoWeights =
    "has no weights: neither model.safetensors nor pytorch_model.bin, nor an index of several "
    "files";

/// Follows the reason why weights, though they are not damaged, are refused.
constexpr const char* kOtherWeights =
    " (a pull request of the model on the hub may have its weights as safetensors: NAME@refs/pr/N "
    "reads those of pull request N)";

/// A tokenizer can be made from any of these, from vocab.json with merges.txt.
inline constexpr std::array kVocabularyFiles{"tokenizer.json", "vocab.txt", "vocab.json",
                                             "spm.model"};
/// The others, if present, say more.
inline constexpr std::array kTokenizerFiles{
    kVocabularyFiles[0], kVocabularyFiles[1],     kVocabularyFiles[2],       kVocabularyFiles[3],
    "merges.txt",        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"};

/// Files of sentence-transformers: the steps from a text to its vector, which have folders with
/// their own config.json and weights;
constexpr const char* kModulesFile = "modules.json";
/// prompts by their names;
constexpr const char* kPromptsFile = "config_sentence_transformers.json";
/// and, beside the encoder's files, how long a text may be. The first that exists counts.
inline constexpr std::array kSentenceFiles{
    "sentence_bert_config.json",       "sentence_roberta_config.json",
    "sentence_distilbert_config.json", "sentence_camembert_config.json",
    "sentence_albert_config.json",     "sentence_xlm-roberta_config.json",
    "sentence_xlnet_config.json"};
/// Present if an adapter changes the encoder's weights.
constexpr const char* kAdapterFile = "adapter_config.json";

}  // namespace normscope

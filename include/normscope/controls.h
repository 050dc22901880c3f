// Controls: the same sentences with their words shuffled, and the same model with random weights. A
// finding that a control shows too says nothing about what the model has learned.
//
//     const std::string control = normscope::shuffle_words(sentence.text, seed, sentence.index);
//     const normscope::Model untrained = normscope::randomize_weights(model, seed);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "normscope/export.h"
#include "normscope/model.h"

namespace normscope {

/// The words of a sentence (runs without white space), in random order with single spaces between
/// them: the same words, and so nearly the same tokens, without the information in their order. A
/// seed and the sentence's index give the same order on every machine.
NORMSCOPE_EXPORT std::string shuffle_words(std::string_view text, std::uint64_t seed,
                                           std::uint64_t index);

/// The model with all its embeddings and matrices drawn anew from the normal distribution that
/// BERT's are initialised from (standard deviation 0.02); its LayerNorms and biases stay. A
/// seed gives the same weights on every machine.
NORMSCOPE_EXPORT Model randomize_weights(const Model& model, std::uint64_t seed);

}  // namespace normscope

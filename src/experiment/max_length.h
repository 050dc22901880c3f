#pragma once

#include <cstddef>
#include <string>

#include "normscope/experiment.h"
#include "normscope/model.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// How many tokens of a sentence the model reads, the special ones included.
struct MaxLength {
  std::size_t tokens = 0;
  /// A line for the user if the model's folder decided or asks for less; else empty.
  std::string notice;
};

/// The length that was asked for; else the usual limit, or with the model's own readout that of
/// sentence-transformers. Throws Error if the model cannot read that many tokens, or the special
/// ones leave no room.
MaxLength choose_max_length(const ExperimentOptions& options, const Model& model,
                            const Tokenizer& tokenizer);

}  // namespace normscope

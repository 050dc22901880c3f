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
  /// A line for the user where the model's folder decided or asks for less; else empty.
  std::string notice;
};

/// What was asked for; else the usual limit, or with the model's own readout that of
/// sentence-transformers. Throws Error if the model cannot read so many tokens, or the special
/// ones leave no room.
MaxLength choose_max_length(const ExperimentOptions& options, const Model& model,
                            const Tokenizer& tokenizer);

}  // namespace normscope

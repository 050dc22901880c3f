#pragma once

#include <string>

#include "normscope/results.h"

namespace normscope {

/// What the model's own vector is: "the mean of the tokens' vectors, then Dense 768 to 512 (tanh)".
std::string own_readout_words(const OwnReadoutSource& readout);

/// What this means for the verdict, with a space before it; empty if the verdict is about another
/// readout.
std::string own_readout_text(const Manifest& manifest);

}  // namespace normscope

#pragma once

#include <cstdint>

#include "normscope/model.h"

namespace normscope {

/// A model in memory with random weights, the LayerNorms' included: with weights of one and biases
/// of zero every norm would be the root of the hidden size.
Model random_model(const EncoderSpec& spec, std::uint32_t seed);

}  // namespace normscope

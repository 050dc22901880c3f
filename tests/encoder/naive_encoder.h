#pragma once

#include <span>
#include <vector>

#include "normscope/model.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// Hidden states of one sentence by their definition, in double precision: of each layer, the
/// embedding output first, [tokens, hidden_size].
std::vector<std::vector<double>> naive_hidden_states(const Model& model,
                                                     std::span<const TokenId> ids);

}  // namespace normscope

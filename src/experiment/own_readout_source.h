#pragma once

#include <optional>
#include <string>

#include "experiment/plan.h"
#include "normscope/model.h"
#include "normscope/results.h"

namespace normscope {

/// The model's own readout in words, if it was loaded.
std::optional<OwnReadoutSource> own_readout_source(const Model& model);

/// A line for the user: what the model's own vector is, if the plan reads it; else, if
/// sentence-transformers normalises the model's vectors, that their norms would all be 1; else
/// nothing.
std::string own_readout_notice(const Model& model, const Plan& plan);

}  // namespace normscope

#pragma once

#include <optional>
#include <string>

#include "experiment/plan.h"
#include "normscope/model.h"
#include "normscope/results.h"

namespace normscope {

/// The model's own readout in words, where it was loaded.
std::optional<OwnReadoutSource> own_readout_source(const Model& model);

/// A line for the user: what the model's own vector is, where the plan reads it; else that the
/// model's norms would all be 1, where sentence-transformers makes them so. Or nothing.
std::string own_readout_notice(const Model& model, const Plan& plan);

}  // namespace normscope

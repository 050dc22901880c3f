#pragma once

#include <string_view>

#include "normscope/experiment.h"

namespace normscope::cli {

/// Prints the outcome of an experiment, unless `quiet`, and which figures are missing. `verb`: what
/// the command would do again ("measures"). Returns whether all figures are there.
bool show_outcome(const Experiment& experiment, std::string_view verb, bool quiet);

}  // namespace normscope::cli

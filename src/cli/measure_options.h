#pragma once

#include "normscope/experiment.h"

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds the options that say what is measured of each sentence and what it is related to. They fill
/// in `options`, which must live as long as the command.
void add_measure_options(CLI::App& command, ExperimentOptions& options);

}  // namespace normscope::cli

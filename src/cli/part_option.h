#pragma once

#include <string>

#include "normscope/experiment.h"

namespace normscope::cli {

/// "2/3" is the second of three; "auto" is what a Slurm array, Slurm, Open MPI or another MPI says
/// in the environment. Throws std::invalid_argument, which says
/// of the text what is wrong.
PartOfRun parse_part(const std::string& text);

}  // namespace normscope::cli

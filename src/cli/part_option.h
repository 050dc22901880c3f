#pragma once

#include <cstdint>
#include <string>

namespace normscope::cli {

/// Which of a run's shards a process measures: every `parts`th, from `part` (0 to parts - 1) on.
struct PartOption {
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
};

/// "2/3" is the second of three; "auto" is what a Slurm array, Slurm, Open MPI or another MPI says
/// in the environment. Throws std::invalid_argument, which says
/// of the text what is wrong.
PartOption parse_part(const std::string& text);

}  // namespace normscope::cli

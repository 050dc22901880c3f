#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/encoder.h"

namespace normscope {

inline constexpr const char* kResultsFile = "results.json";
inline constexpr const char* kMeasurementsFile = "measurements.parquet";
inline constexpr const char* kVectorsFile = "vectors.arrow";

/// The file in its folder that a run, or whoever writes its report again, locks.
std::filesystem::path lock_file(const std::filesystem::path& folder);

/// "vectors.layer6.cls.npy"
std::string vectors_file(const ReadoutPoint& point);

/// Figures that only some runs have.
struct RunFigures {
  bool layers = false;
  bool probe = false;
};

/// All files that a run may write into its folder, results.json first; those of the vectors only if
/// some are saved.
std::vector<std::string> run_files(std::span<const ReadoutPoint> saved,
                                   const RunFigures& figures = {});

/// Whether a run may write a file of this name. Names in a folder's own lists are trusted only if
/// so.
bool is_run_file(std::string_view name);

/// "part-1-of-3.json", for part 0 of 3.
std::string part_file(std::uint64_t part, std::uint64_t parts);
/// Whether a part of a run has such a name.
bool is_part_file(std::string_view name);

}  // namespace normscope

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "normscope/checkpoint.h"
#include "normscope/report.h"

namespace normscope::cli {

/// Makes the results of a run whose shards are all there: reads them one after the other, writes
/// measurements.parquet, analyses, and writes the report into `folder`. Fills in what `manifest`
/// (of the run up to here) does not know yet, and prints the summary where it is not quiet.
void finish(const std::filesystem::path& folder, Manifest manifest, std::uint64_t shards,
            const std::function<MeasuredShard(std::uint64_t)>& read, bool quiet);

}  // namespace normscope::cli

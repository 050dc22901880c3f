#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "experiment/kept_sentences.h"
#include "normscope/checkpoint.h"
#include "normscope/report.h"

namespace normscope::cli {

/// Makes the results of a run whose shards are all there: reads them one after the other, writes
/// measurements.parquet, analyses, and writes the report into `folder`. Fills in what `manifest`
/// (of the run up to here) does not know yet, calls `written`, and prints the summary where it is
/// not quiet: what cannot be printed changes nothing in the folder. Throws Error, and Interrupted
/// when `stop` is requested. Returns whether all figures could be drawn.
bool finish(const std::filesystem::path& folder, Manifest manifest, TruncatedSentences truncated,
            std::uint64_t shards, const std::function<MeasuredShard(std::uint64_t)>& read,
            const std::function<void()>& written, bool quiet, const std::stop_token& stop);

}  // namespace normscope::cli

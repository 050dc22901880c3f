#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "normscope/checkpoint.h"
#include "normscope/experiment.h"
#include "normscope/results.h"

namespace normscope {

/// A run whose shards are all measured.
struct RunToComplete {
  std::filesystem::path folder;
  /// As far as it is known; the rest is filled in from the shards.
  Manifest manifest;
  TruncatedSentences truncated = TruncatedSentences::automatic;
  std::uint64_t shards = 0;
  std::function<MeasuredShard(std::uint64_t)> read;
  /// Called when everything is written.
  std::function<void()> written;
};

/// Makes the results of the run: reads its shards one after the other, writes measurements.parquet
/// and the vectors, analyses, and writes the results and the report. Throws Error, and Interrupted
/// when `stop` is requested.
Experiment complete_run(const RunToComplete& run, const ExperimentListener& listener,
                        const std::stop_token& stop);

}  // namespace normscope

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "cli/corpus_options.h"
#include "cli/part_option.h"
#include "cli/plan.h"
#include "cli/sources.h"
#include "normscope/encoder.h"

namespace normscope::cli {

struct RunOptions {
  std::string model = kDefaultModel;
  CorpusChoice corpus;
  std::uint64_t length_below = 80;
  std::optional<std::size_t> max_length;
  /// Width of R²'s interval at which to stop.
  std::optional<double> until;
  /// 0: one a core.
  unsigned threads = 0;
  std::optional<Isa> isa;
  Precision precision = Precision::fp32;
  PlanChoice plan;
  PartOption part;
  /// Empty: a folder named after model and corpus.
  std::string out;
  bool quiet = false;
  std::string command_line;
};

/// Measures the corpus with the model, those that the options name, shard by shard, going on with
/// what a run of the same identity has left, and reports. Throws Error, and Interrupted at the end
/// of a shard when `stop` is requested.
void run(const RunOptions& options, const ResolvedModel& model, const ResolvedCorpus& corpus,
         const std::stop_token& stop);

}  // namespace normscope::cli

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
#include "experiment/kept_sentences.h"
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
  TruncatedSentences truncated = TruncatedSentences::automatic;
  /// Empty: a folder named after model and corpus.
  std::string out;
  /// Whether to replace another run, or this one when it is finished.
  bool overwrite = false;
  bool quiet = false;
  std::string command_line;
};

/// Measures the corpus with the model, those that the options name, shard by shard, resuming what
/// the same run has left unfinished, and reports; does nothing where it is finished. Throws Error,
/// and Interrupted when `stop` is requested: at the end of a shard, or in the analysis, with the
/// shards kept. Returns whether all figures could be drawn.
bool run(const RunOptions& options, const ResolvedModel& model, const ResolvedCorpus& corpus,
         const std::stop_token& stop);

}  // namespace normscope::cli

#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/measure.h"
#include "normscope/report.h"
#include "normscope/tokenizer.h"

namespace normscope::cli {

/// What is analysed of the measurements: the sentences with fewer tokens than asked.
struct Kept {
  std::vector<double> lengths;
  std::vector<double> norms;
};

Kept keep(const std::vector<Measurement>& rows, std::uint64_t length_below);

/// What measures, and how.
struct Measuring {
  const Tokenizer& tokenizer;
  const Encoder& encoder;
  MeasureOptions options;
  bool quiet = false;
  const std::stop_token& stop;
};

/// Measures all sentences, with a progress bar.
Measurements measure_all(const Measuring& measuring, std::vector<Sentence> sentences);

/// Measures the sentences in random order until R²'s interval is narrower than `stop.width`, and
/// says in `stop` how it ended. The rows are in the order of their index.
Measurements measure_until(const Measuring& measuring, std::vector<Sentence> sentences,
                           std::uint64_t seed, std::uint64_t length_below, EarlyStop& stop);

/// What the encoder's precision costs: a sample of the measured sentences, evenly spaced, measured
/// again with `exact`. The rows are not empty.
PrecisionError precision_error(const Measuring& measuring, const Encoder& exact,
                               const std::vector<Measurement>& rows);

}  // namespace normscope::cli

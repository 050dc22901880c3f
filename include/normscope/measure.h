#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// One row per sentence: what was measured on it.
struct Measurement {
  /// Stable position of the sentence in its corpus.
  std::uint64_t index = 0;
  std::string text;
  /// Token length: tokens without the special ones, after truncation.
  std::uint32_t tokens = 0;
  /// True where the sentence was longer than the model was asked to read.
  bool truncated = false;
  /// L2 norm of the readout vector.
  double norm = 0;
};

struct MeasureOptions {
  /// Longest id sequence that the model reads, the special tokens included.
  std::size_t max_length = 512;
  unsigned threads = 1;
};

struct Measurements {
  /// In the order of the sentences given.
  std::vector<Measurement> rows;
  /// Sentences that went through the encoder; the others share their token ids with one of these.
  std::uint64_t encoded = 0;
  /// Wall time in seconds.
  double tokenize_s = 0;
  double encode_s = 0;
};

/// Told after each batch how many of all sentences are measured; calls never overlap.
using MeasureProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Tokenizes and encodes the sentences, shard by shard, and takes the L2 norm of the vector of the
/// encoder's only readout point, a [CLS] one. Throws std::invalid_argument where the options do not
/// fit the tokenizer or the encoder, and Interrupted when `stop` is requested.
Measurements measure(std::vector<Sentence> sentences, const Tokenizer& tokenizer,
                     const Encoder& encoder, const MeasureOptions& options,
                     const MeasureProgress& progress = {}, const std::stop_token& stop = {});

}  // namespace normscope

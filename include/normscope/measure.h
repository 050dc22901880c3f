#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
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

/// Norms in reduced precision against those in fp32, relative, on a sample of the sentences.
struct PrecisionError {
  std::uint64_t sentences = 0;
  /// Largest and mean absolute difference, and the mean with its sign.
  double largest = 0;
  double mean = 0;
  double bias = 0;

  /// Of both samples together.
  void add(const PrecisionError& other);
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

/// Measures a sample of the measured rows again, every 64th or 32 in all, whichever is more, with
/// `exact`, an encoder in fp32. Throws as measure() does.
PrecisionError precision_error(std::span<const Measurement> rows, const Tokenizer& tokenizer,
                               const Encoder& exact, const MeasureOptions& options,
                               const std::stop_token& stop = {});

/// What a file of measurements holds beside its rows.
using Metadata = std::map<std::string, std::string>;

/// Writes measurements into a Parquet file, as they come: columns index (uint64), text (string),
/// tokens (uint32), truncated (bool) and norm (double), none of them null. The same rows in the
/// same parts give the same bytes.
class MeasurementWriter {
 public:
  /// Throws Error, as the others do.
  explicit MeasurementWriter(const std::filesystem::path& path);
  MeasurementWriter(MeasurementWriter&&) noexcept;
  MeasurementWriter& operator=(MeasurementWriter&&) noexcept;
  /// Without close() before, what is in the file is no Parquet file yet.
  ~MeasurementWriter();

  /// In row groups of their own.
  void append(std::span<const Measurement> rows);
  void close(const Metadata& metadata = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A file that MeasurementWriter wrote.
struct MeasurementFile {
  std::vector<Measurement> rows;
  Metadata metadata;
};

/// Throws Error where it is not such a file.
MeasurementFile read_measurements(const std::filesystem::path& path);

}  // namespace normscope

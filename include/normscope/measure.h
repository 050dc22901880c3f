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
#include <string_view>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/export.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// How one number is taken from a vector.
enum class Statistic {
  l2,
  l1,
  linf,
  /// L2 norm of the vector less a centre, the corpus' mean vector.
  centered_l2,
};

/// The point of a name like "layer6.cls", of a readout that gives a vector a sentence; throws
/// std::invalid_argument where it is none.
[[nodiscard]] NORMSCOPE_EXPORT ReadoutPoint point_named(std::string_view text);

/// "l2", "l1", …
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Statistic statistic);

/// What is measured of every sentence: a statistic of the vector that a readout point gives.
struct StatisticColumn {
  ReadoutPoint point;
  Statistic statistic = Statistic::l2;

  bool operator==(const StatisticColumn&) const = default;
};

/// "layer6.cls.l2"
[[nodiscard]] NORMSCOPE_EXPORT std::string name(const StatisticColumn& column);

/// The column of that name; throws std::invalid_argument where it is no column's name.
[[nodiscard]] NORMSCOPE_EXPORT StatisticColumn column_named(std::string_view text);

/// One row per sentence: what was measured on it.
struct Measurement {
  /// Stable position of the sentence in its corpus.
  std::uint64_t index = 0;
  std::string text;
  /// Token length: tokens of the whole sentence, without the special ones.
  std::uint32_t tokens = 0;
  /// Those of them that the model read: fewer where the sentence was truncated.
  std::uint32_t tokens_read = 0;
  /// True where the sentence was longer than the model was asked to read.
  bool truncated = false;
  /// A number a column.
  std::vector<double> statistics;
  /// Of the text, where they are known: those of properties().
  std::vector<double> properties = {};
  /// As in Sentence.
  std::vector<double> numbers = {};
};

/// Norms in reduced precision against those in fp32, relative, on a sample of the sentences.
struct NORMSCOPE_EXPORT PrecisionError {
  std::uint64_t sentences = 0;
  /// Largest and mean absolute difference, and the mean with its sign.
  double largest = 0;
  double mean = 0;
  double bias = 0;

  /// Of both samples together.
  void add(const PrecisionError& other);
};

/// Vectors that are to be kept.
struct VectorRequest {
  /// Each one of the encoder's.
  std::vector<ReadoutPoint> points;
  /// Of which sentences, by their index; empty: of all.
  std::function<bool(std::uint64_t)> wants = {};
};

struct MeasureOptions {
  /// Longest id sequence that the model reads, the special tokens included.
  std::size_t max_length = 512;
  unsigned threads = 1;
  /// None: the L2 norm at the encoder's first point. Each point is one of the encoder's and gives a
  /// vector a sentence.
  std::vector<StatisticColumn> columns = {};
  /// For centered_l2: the centre at each of the encoder's points.
  std::vector<std::vector<float>> centres = {};
  std::vector<VectorRequest> vectors = {};
};

/// What a request has brought.
struct NORMSCOPE_EXPORT KeptVectors {
  /// Of the sentences, in rising order of their rows.
  std::vector<std::uint64_t> indices;
  /// By the request's points: [indices, hidden_size].
  std::vector<std::vector<float>> points;

  /// Adds the rows of what the same request has brought elsewhere.
  void append(const KeptVectors& more);
};

struct Measurements {
  /// In the order of the sentences given.
  std::vector<Measurement> rows;
  /// By MeasureOptions::vectors.
  std::vector<KeptVectors> vectors = {};
  /// Sentences that went through the encoder; the others share their token ids with one of these.
  std::uint64_t encoded = 0;
  /// Wall time in seconds.
  double tokenize_s = 0;
  double encode_s = 0;
};

/// Told after each batch how many of all sentences are measured; calls never overlap.
using MeasureProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Tokenizes and encodes the sentences, some thousands at a time, and takes the columns' statistics
/// of their vectors. Throws std::invalid_argument where the options do not fit the tokenizer or the
/// encoder, and Interrupted when `stop` is requested.
NORMSCOPE_EXPORT Measurements measure(std::vector<Sentence> sentences, const Tokenizer& tokenizer,
                                      const Encoder& encoder, const MeasureOptions& options,
                                      const MeasureProgress& progress = {},
                                      const std::stop_token& stop = {});

/// Measures a sample of the measured rows again, every 64th or 32 in all, whichever is more, with
/// `exact`, an encoder in fp32 whose only point is the first of the rows' encoder and that of the
/// first column, and compares the first column. Throws as measure() does.
NORMSCOPE_EXPORT PrecisionError precision_error(std::span<const Measurement> rows,
                                                const Tokenizer& tokenizer, const Encoder& exact,
                                                const MeasureOptions& options,
                                                const std::stop_token& stop = {});

/// What a file of measurements holds beside its rows.
using Metadata = std::map<std::string, std::string>;

/// In a run's measurements the first statistic has a column of this name too.
inline constexpr const char* kNorm = "norm";

/// What stands before the name of a corpus' own column among those of a file of measurements.
inline constexpr std::string_view kCorpusColumn = "column:";

/// The numbers of a file of measurements.
struct MeasuredColumns {
  /// Names of the statistics.
  std::vector<std::string> statistics{kNorm};
  /// Names of the properties; "tokens" is always there, in a column of its own.
  std::vector<std::string> properties = {};
  /// Columns of the corpus, by the names that they have in it.
  std::vector<std::string> numbers = {};
};

/// Writes measurements into a Parquet file, as they come: columns index (uint64), text (string),
/// tokens, tokens_read (uint32), truncated (bool) and, each under the name that it is given, the
/// statistics and the properties (double), none of them null; and, as column:NAME, those of the
/// corpus (double, null for NaN).
/// The same rows in the same parts give the same bytes.
class NORMSCOPE_EXPORT MeasurementWriter {
 public:
  /// Throws Error, as the others do.
  explicit MeasurementWriter(const std::filesystem::path& path,
                             const MeasuredColumns& columns = {});
  MeasurementWriter(MeasurementWriter&&) noexcept;
  MeasurementWriter& operator=(MeasurementWriter&&) noexcept;
  /// Without close() before, what is in the file is no Parquet file yet.
  ~MeasurementWriter();

  /// In row groups of their own. Each row has as many statistics, properties and numbers as the
  /// file, or throws std::invalid_argument.
  void append(std::span<const Measurement> rows);
  void close(const Metadata& metadata = {});

 private:
  struct NORMSCOPE_HIDDEN State;
  std::unique_ptr<State> state_;
};

/// A file that MeasurementWriter wrote.
struct MeasurementFile {
  MeasuredColumns columns;
  std::vector<Measurement> rows;
  Metadata metadata;
};

/// Throws Error where it is not such a file.
NORMSCOPE_EXPORT MeasurementFile read_measurements(const std::filesystem::path& path);

}  // namespace normscope

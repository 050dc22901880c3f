// Measuring: from sentences to one row of numbers each, with all threads; and tables of such rows.
//
//     const normscope::Measurements measured = normscope::measure(
//         sample.sentences, tokenizer, encoder, {.max_length = 128, .threads = 8});
//     for (const normscope::Measurement& row : measured.rows) {
//       std::cout << row.tokens << ' ' << row.statistics.front() << '\n';  // length and norm
//     }
//     normscope::MeasurementWriter table("measurements.parquet");
//     table.append(measured.rows);
//     table.close();
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
  /// L2 norm of the vector minus a centre, the corpus's mean vector.
  centered_l2,
};

/// The point that has this name, "layer6.cls" for example. Throws std::invalid_argument if none
/// has, also for Readout::tokens, which does not give one vector per sentence.
[[nodiscard]] NORMSCOPE_EXPORT ReadoutPoint point_named(std::string_view text);

/// "l2", "l1", …
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Statistic statistic);

/// What is measured for every sentence: a statistic of the vector at a readout point.
struct StatisticColumn {
  ReadoutPoint point;
  Statistic statistic = Statistic::l2;

  bool operator==(const StatisticColumn&) const = default;
};

/// "layer6.cls.l2"
[[nodiscard]] NORMSCOPE_EXPORT std::string name(const StatisticColumn& column);

/// The column that has this name; throws std::invalid_argument if none has.
[[nodiscard]] NORMSCOPE_EXPORT StatisticColumn column_named(std::string_view text);

/// One row per sentence: what was measured.
struct Measurement {
  /// Stable position of the sentence in its corpus.
  std::uint64_t index = 0;
  std::string text;
  /// Token length: tokens of the whole sentence, without the special ones.
  std::uint32_t tokens = 0;
  /// How many of them the model read: fewer if the sentence was truncated.
  std::uint32_t tokens_read = 0;
  /// True if the sentence was longer than the model was asked to read.
  bool truncated = false;
  /// One for each of MeasureOptions::columns.
  std::vector<double> statistics;
  /// In the order of properties(); empty if they are not known, as after measure().
  std::vector<double> properties = {};
  /// As in Sentence.
  std::vector<double> numbers = {};
};

/// Relative error of norms in reduced precision, against fp32, on a sample of the sentences.
struct NORMSCOPE_EXPORT PrecisionError {
  std::uint64_t sentences = 0;
  /// Largest and mean absolute difference, and the mean with its sign.
  double largest = 0;
  double mean = 0;
  double bias = 0;

  /// Merges the other sample's error into this one.
  void add(const PrecisionError& other);
};

/// What happens to sentences that are longer than the model was asked to read: their vectors are
/// those of their first tokens.
enum class TruncatedSentences {
  /// Kept if they are at most one in a hundred of the sentences that are short enough.
  automatic,
  drop,
  keep,
};

/// "auto", "drop", "keep"
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(TruncatedSentences choice);

/// Asks for vectors to be kept.
struct VectorRequest {
  /// Points of the encoder.
  std::vector<ReadoutPoint> points;
  /// Whether the sentence with this index is wanted. Empty: all are.
  std::function<bool(std::uint64_t)> wants = {};
};

/// What is measured, and how.
struct MeasureOptions {
  /// Longest id sequence that the model reads, the special tokens included.
  std::size_t max_length = 512;
  unsigned threads = 1;
  /// Default: the L2 norm at the encoder's first point. Every column's point is one of the
  /// encoder's and gives one vector per sentence.
  std::vector<StatisticColumn> columns = {};
  /// For centered_l2: the centre at each of the encoder's points, as wide as its vectors.
  std::vector<std::vector<float>> centres = {};
  std::vector<VectorRequest> vectors = {};
  /// What the model reads before each sentence. It is not part of the sentence's text or length.
  std::string prompt = {};
};

/// The vectors that a VectorRequest asked for.
struct NORMSCOPE_EXPORT KeptVectors {
  /// The indices of their sentences, in the order of the rows measured.
  std::vector<std::uint64_t> indices;
  /// The vectors at each of the request's points, row by row.
  std::vector<std::vector<float>> points;

  /// Adds the vectors of more sentences, kept by the same request.
  void append(const KeptVectors& more);
};

/// What measure() returns.
struct Measurements {
  /// In the order of the sentences given.
  std::vector<Measurement> rows;
  /// One for each of MeasureOptions::vectors.
  std::vector<KeptVectors> vectors = {};
  /// Sentences that went through the encoder; the others share their token ids with one of these.
  std::uint64_t encoded = 0;
  /// Wall time in seconds.
  double tokenize_s = 0;
  double encode_s = 0;
};

/// Told after each batch how many of all sentences are measured; calls never overlap.
using MeasureProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Tokenizes and encodes the sentences, a few thousand at a time, and takes the columns' statistics
/// of their vectors. Throws std::invalid_argument if the options do not fit the tokenizer or the
/// encoder, and Interrupted when `stop` is requested.
NORMSCOPE_EXPORT Measurements measure(std::vector<Sentence> sentences, const Tokenizer& tokenizer,
                                      const Encoder& encoder, const MeasureOptions& options,
                                      const MeasureProgress& progress = {},
                                      const std::stop_token& stop = {});

/// Measures a sample of the measured rows (every 64th, or 32 if that is more) again and compares
/// the first column. `exact` is an encoder in fp32 whose only point is the first of the rows'
/// encoder and that of the first column. Throws as measure() does.
NORMSCOPE_EXPORT PrecisionError precision_error(std::span<const Measurement> rows,
                                                const Tokenizer& tokenizer, const Encoder& exact,
                                                const MeasureOptions& options,
                                                const std::stop_token& stop = {});

/// What a file of measurements holds besides its rows.
using Metadata = std::map<std::string, std::string>;

/// The first statistic of a run is also in a column of this name.
inline constexpr const char* kNorm = "norm";

/// Prefix of the columns in a file of measurements that were taken from the corpus.
inline constexpr std::string_view kCorpusColumn = "column:";

/// Which numbers a file of measurements holds.
struct MeasuredColumns {
  /// Names of the statistics.
  std::vector<std::string> statistics{kNorm};
  /// Names of the properties; "tokens" is always there, in a column of its own.
  std::vector<std::string> properties = {};
  /// Columns of the corpus, by the names that they have in it.
  std::vector<std::string> numbers = {};
};

/// Writes measurements into a Parquet file, in the order given: columns index (uint64), text
/// (string), tokens, tokens_read (uint32), truncated (bool) and, under their names, the statistics
/// and the properties (double), none of them null; and, as column:NAME, the numbers of the corpus
/// (double, null for NaN). The same rows in the same parts give the same bytes.
class NORMSCOPE_EXPORT MeasurementWriter {
 public:
  /// This and the other functions throw Error if the file cannot be written.
  explicit MeasurementWriter(const std::filesystem::path& path,
                             const MeasuredColumns& columns = {});
  MeasurementWriter(MeasurementWriter&&) noexcept;
  MeasurementWriter& operator=(MeasurementWriter&&) noexcept;
  /// Without a call of close() before, the file is not a Parquet file yet.
  ~MeasurementWriter();

  /// Writes row groups of their own. Throws std::invalid_argument if a row does not have as many
  /// statistics, properties and numbers as the file.
  void append(std::span<const Measurement> rows);
  void close(const Metadata& metadata = {});

 private:
  struct NORMSCOPE_HIDDEN State;
  std::unique_ptr<State> state_;
};

/// What is in a file that MeasurementWriter wrote.
struct MeasurementFile {
  MeasuredColumns columns;
  std::vector<Measurement> rows;
  Metadata metadata;
};

/// Reads what MeasurementWriter wrote; throws Error if it is not such a file.
NORMSCOPE_EXPORT MeasurementFile read_measurements(const std::filesystem::path& path);

}  // namespace normscope

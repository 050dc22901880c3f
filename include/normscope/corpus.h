// Corpora: from text files and tables to sentences, each with a stable index; and samples of these.
//
//     normscope::SentenceReader reader("reviews.parquet", {.column = "text", .min_words = 3});
//     const normscope::Sample sample = normscope::draw_sample(reader, 2000, seed);
//     for (const normscope::Sentence& sentence : sample.sentences) {
//       std::cout << sentence.index << ": " << sentence.text << '\n';
//     }
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "normscope/export.h"

namespace normscope {

/// One unit of text from a corpus. `index` is its position among everything read, counted from 0
/// with empty and invalid units included: it is the same whatever is sampled.
struct Sentence {
  std::uint64_t index = 0;
  std::string text;
  /// The row's numbers, one for each of CorpusOptions::number_columns; NaN if there is none.
  std::vector<double> numbers = {};
};

/// How texts are stored in a file.
enum class CorpusFormat {
  /// Detected from each file's first bytes, then from its name.
  automatic,
  /// One text per line.
  text,
  /// One JSON object per line.
  jsonl,
  /// Separated values with a header; csv takes the most frequent delimiter of the header.
  csv,
  tsv,
  parquet,
  /// Arrow's streaming or file format (Feather 2).
  arrow,
};

/// "auto", "text", "jsonl", …
NORMSCOPE_EXPORT std::string_view name(CorpusFormat format);

struct CorpusOptions {
  /// false: a line or a table's row is a sentence. true: paragraphs (separated by blank lines in a
  /// text; the rows of a table) are split into sentences.
  bool prose = false;
  CorpusFormat format = CorpusFormat::automatic;
  /// The column of a table that holds the texts, "a.b" for b in a. Default: "text", "sentence", or
  /// the only column of strings.
  std::optional<std::string> column = std::nullopt;
  /// Columns of numbers to read beside the text of a table, named in the same way.
  std::vector<std::string> number_columns = {};
  /// Sentences with fewer words (runs without white space) are left out.
  std::uint64_t min_words = 0;
  /// Gives only the first of several sentences with the same text. Takes 18 to 37 bytes of memory
  /// for each different text; more than 115 million are refused.
  bool dedup = false;
  /// The files of a folder to read, by their relative paths, in this order. Empty: all files.
  std::vector<std::string> files = {};
};

/// Texts in memory instead of a file: they are read like the rows of a table. What the views refer
/// to must outlive the reader.
struct TextsInMemory {
  std::vector<std::string_view> texts;
  struct Column {
    std::string name;
    /// As many as there are texts; NaN if there is none.
    std::vector<double> numbers;
  };
  /// Those that CorpusOptions::number_columns may name.
  std::vector<Column> columns = {};
};

/// What is read: a file, a folder (its files, recursively, in byte order of their relative paths;
/// hidden ones left out), a pattern with `*`, `?` or `[…]` of files and folders, or "-" for
/// standard input; or texts in memory.
using CorpusInput = std::variant<std::string, TextsInMemory>;

/// What became of everything that was read.
struct ReadCounts {
  /// Units read; all counts below are part of this one.
  std::uint64_t read = 0;
  /// Nothing but white space, or null.
  std::uint64_t empty = 0;
  /// Not valid UTF-8.
  std::uint64_t invalid = 0;
  /// Neither of these, but shorter than CorpusOptions::min_words.
  std::uint64_t too_few_words = 0;
  /// None of these, but read before, if CorpusOptions::dedup is set.
  std::uint64_t duplicates = 0;

  /// Sentences that SentenceReader::next() returned.
  [[nodiscard]] std::uint64_t given() const {
    return read - empty - invalid - too_few_words - duplicates;
  }
};

/// Reads the sentences of a corpus one after the other, in memory that does not grow with it
/// (except for CorpusOptions::dedup).
///
/// Each file may be compressed with gzip, zstd, bzip2 or xz. Formats are detected file by file, so
/// that a folder may mix them; a file that does not look like text (a zero byte among the first
/// 4096) is refused by name, unless the format is given or the file is the whole corpus.
class NORMSCOPE_EXPORT SentenceReader {
 public:
  /// Throws Error, and Interrupted when `stop` is requested while it waits for input.
  SentenceReader(const CorpusInput& source, const CorpusOptions& options,
                 const std::stop_token& stop = {});
  SentenceReader(SentenceReader&&) noexcept;
  SentenceReader& operator=(SentenceReader&&) noexcept;
  ~SentenceReader();

  /// The next sentence that is not left out; false at the end. Throws as the constructor.
  bool next(Sentence& sentence);

  [[nodiscard]] const ReadCounts& counts() const;

  /// The columns that were read so far, each once.
  [[nodiscard]] const std::vector<std::string>& columns() const;

  /// At the end of the corpus: the SHA-256 of the stored bytes (a file or standard input), or of
  /// the lines "<sha256>  <relative path>\n" (a folder or a pattern), or of the texts and numbers
  /// in memory, in hexadecimal. Throws std::logic_error before the end.
  [[nodiscard]] std::string sha256() const;

 private:
  struct NORMSCOPE_HIDDEN State;
  std::unique_ptr<State> state_;
};

/// Sentences drawn from a corpus, and what was seen on the way.
struct Sample {
  /// In the order of their index.
  std::vector<Sentence> sentences;
  ReadCounts counts;
  std::vector<std::string> columns;
  std::string corpus_sha256;
  struct Blocks {
    std::uint64_t read = 0;
    std::uint64_t all = 0;
  };
  /// Row groups, if blocks were drawn: the counts are then of those read, and the hash is of the
  /// files' tables of contents.
  std::optional<Blocks> blocks;
};

/// How a sample is drawn. All but the last read the corpus to its end, to count and to hash it.
enum class SampleMethod {
  /// Uniformly without replacement.
  uniform,
  /// The first ones.
  head,
  /// As evenly as the corpus allows over the lengths in words (1, 2, … 99, 100 and more), and
  /// uniformly among those of a length: long and short sentences become frequent enough to judge,
  /// and the sample's lengths are not distributed like the corpus's. Words need no tokenizer, and
  /// their number grows with that of the tokens; in a script without spaces all sentences count as
  /// short.
  stratified,
  /// draw_blocks(), for data that is too large to be read whole.
  blocks,
};

/// "uniform", "head", "stratified", "blocks".
NORMSCOPE_EXPORT std::string_view name(SampleMethod method);

/// Draws `size` sentences in one pass (all of them if `size` is not given or is larger than the
/// corpus), in memory for `size` sentences. The same corpus, method, size and seed give the same
/// sample on every machine. Throws Error, std::invalid_argument for blocks, and Interrupted when
/// `stop` is requested.
NORMSCOPE_EXPORT Sample draw_sample(SentenceReader& reader, std::optional<std::uint64_t> size,
                                    std::uint64_t seed, SampleMethod method = SampleMethod::uniform,
                                    const std::stop_token& stop = {});

/// Reads row groups of a corpus of Parquet files, drawn uniformly one after the other, until they
/// hold `size` sentences, and draws these uniformly from all that were read. Rows of a group are
/// neighbours in the corpus, so the sample is less varied than a uniform one of its size. The index
/// of a sentence is its row in the whole corpus. Throws Error, also for prose and for files that
/// are not Parquet, and Interrupted when `stop` is requested.
NORMSCOPE_EXPORT Sample draw_blocks(const std::string& corpus, const CorpusOptions& options,
                                    std::uint64_t size, std::uint64_t seed,
                                    const std::stop_token& stop = {});

/// draw_sample() of a reader, or draw_blocks() if that is the method; `size` must then be given.
NORMSCOPE_EXPORT Sample draw_sample(const CorpusInput& corpus, const CorpusOptions& options,
                                    std::optional<std::uint64_t> size, std::uint64_t seed,
                                    SampleMethod method, const std::stop_token& stop = {});

/// Puts the sentences into a random order (Fisher and Yates), the same for a seed on every machine.
NORMSCOPE_EXPORT void shuffle(std::vector<Sentence>& sentences, std::uint64_t seed);

}  // namespace normscope

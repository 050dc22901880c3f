#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "corpus/byte_source.h"
#include "corpus/corpus_files.h"
#include "corpus/line_reader.h"
#include "corpus/text_reader.h"
#include "corpus/unit_filter.h"
#include "normscope/corpus.h"
#include "text/sentence_splitter.h"

namespace normscope {

/// The implementation of SentenceReader, with block and unit sizes chosen by the caller.
///
/// A line or a row is a unit. Prose: lines up to a blank one or the end of a file, or a row, make a
/// paragraph, in which each run of ASCII white space counts as one space; its sentences are the
/// units, and so is a blank row. Bytes that are not UTF-8 make only their own unit invalid.
class CorpusStream {
 public:
  CorpusStream(CorpusInput source, CorpusOptions options, const ReadLimits& limits = {},
               std::stop_token stop = {});

  bool next(Sentence& sentence);
  [[nodiscard]] const ReadCounts& counts() const { return filter_.counts(); }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] const std::string& sha256() const;

 private:
  /// A file that is being read, or the texts in memory. The reader holds a reference to the source.
  struct File {
    /// For messages.
    std::string name;
    /// Absent for texts in memory.
    std::unique_ptr<ByteSource> source;
    std::unique_ptr<TextReader> texts;
    /// Rows, not lines.
    bool table = false;
  };

  /// Opens the texts in memory.
  void open_texts(const TextsInMemory& corpus);

  /// Continues with the next file; false if there is none.
  bool open_next();
  /// Detects the format of the current file and opens its texts.
  void open_texts();
  /// Hashes and closes the current file.
  void close();
  /// The next unit, whatever it contains; false at the end.
  bool next_unit(std::string_view& unit);
  /// The next paragraph of the current file; false at its end.
  bool next_paragraph();
  /// Appends to the paragraph, which begins at `place`.
  void append(std::string_view text, const std::string& place);

  CorpusOptions options_;
  ReadLimits limits_;
  std::stop_token stop_;
  /// Absent for texts in memory.
  std::optional<CorpusFiles> files_;
  /// Relative path of the current file.
  std::string name_;
  std::optional<File> file_;
  std::vector<std::string> columns_;

  std::optional<SentenceSplitter> splitter_;
  std::string paragraph_;
  /// Of the paragraph.
  const std::vector<std::string_view>* sentences_ = nullptr;
  std::size_t next_sentence_ = 0;

  UnitFilter filter_;
  /// Hash over the names and the hashes of several files.
  Sha256 listing_hash_;
  std::optional<std::string> sha256_;
};

}  // namespace normscope

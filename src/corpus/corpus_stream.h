#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/byte_source.h"
#include "corpus/folder_walk.h"
#include "corpus/line_reader.h"
#include "corpus/sentence_splitter.h"
#include "files/sha256.h"
#include "normscope/corpus.h"

namespace normscope {

/// What SentenceReader does, with the sizes of its blocks and units in the caller's hand.
///
/// Text: a line is a unit. Prose: lines up to a blank one or the end of a file make a paragraph, in
/// which each run of ASCII white space counts as one space; its sentences are the units. In both, a
/// unit with bytes that are not UTF-8 is invalid, alone.
class CorpusStream {
 public:
  CorpusStream(std::string source, const CorpusOptions& options, const ReadLimits& limits = {});

  bool next(Sentence& sentence);
  [[nodiscard]] const ReadCounts& counts() const { return counts_; }
  [[nodiscard]] const std::string& sha256() const;

 private:
  /// A file that is being read. The reader holds a reference to the source.
  struct File {
    File(std::string path, const ReadLimits& limits)
        : source(std::move(path)), lines(source, limits) {}
    ByteSource source;
    LineReader lines;
  };

  /// Goes on to the next file; false when there is none.
  bool open_next();
  /// Hashes and closes the file in hand.
  void close();
  /// The next unit, whatever it holds; false at the end.
  bool next_unit(std::string_view& unit);
  /// The next paragraph of the file in hand; empty at its end.
  std::string_view next_paragraph();

  std::string path_;
  CorpusOptions options_;
  ReadLimits limits_;
  std::optional<FolderWalk> folder_;
  std::string relative_path_;
  std::optional<File> file_;

  std::optional<SentenceSplitter> splitter_;
  std::string paragraph_;
  const std::vector<std::string_view>* sentences_ = nullptr;
  std::size_t next_sentence_ = 0;

  ReadCounts counts_;
  Sha256 folder_hash_;
  std::optional<std::string> sha256_;
};

}  // namespace normscope

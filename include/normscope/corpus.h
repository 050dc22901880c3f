#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace normscope {

/// One unit of text from a corpus. `index` is its position among everything read, the empty and the
/// invalid units included, from 0: it stays the same whatever is sampled.
struct Sentence {
  std::uint64_t index = 0;
  std::string text;
};

struct CorpusOptions {
  /// false: a sentence a line. true: paragraphs of prose, split into sentences.
  bool prose = false;
};

struct ReadCounts {
  /// Units read; `empty` and `invalid` are part of it.
  std::uint64_t read = 0;
  /// Nothing but white space.
  std::uint64_t empty = 0;
  /// Not valid UTF-8.
  std::uint64_t invalid = 0;
};

/// Reads the sentences of a corpus one after the other, in memory that does not grow with it.
class SentenceReader {
 public:
  /// `source`: a text file, a folder (its files, recursively, in byte order of their relative
  /// paths; hidden ones left out), or "-" for standard input. Throws Error.
  SentenceReader(const std::string& source, const CorpusOptions& options);
  SentenceReader(SentenceReader&&) noexcept;
  SentenceReader& operator=(SentenceReader&&) noexcept;
  ~SentenceReader();

  /// The next sentence that is neither empty nor invalid; false at the end. Throws Error.
  bool next(Sentence& sentence);

  [[nodiscard]] const ReadCounts& counts() const;

  /// At the end of the corpus: the SHA-256 of the bytes read (a file or standard input), or of the
  /// lines "<sha256>  <relative path>\n" (a folder), in hexadecimal.
  [[nodiscard]] std::string sha256() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct Sample {
  /// In the order of their index.
  std::vector<Sentence> sentences;
  ReadCounts counts;
  std::string corpus_sha256;
};

/// Draws `size` sentences uniformly without replacement in one pass (all of them where `size` is
/// not given or larger than the corpus). The same corpus, size and seed give the same sample on
/// every machine. Throws Error, and Interrupted when `stop` is requested.
Sample draw_sample(SentenceReader& reader, std::optional<std::uint64_t> size, std::uint64_t seed,
                   const std::stop_token& stop = {});

/// Puts the sentences into a random order, the same for a seed on every machine (Fisher and Yates).
void shuffle(std::vector<Sentence>& sentences, std::uint64_t seed);

}  // namespace normscope

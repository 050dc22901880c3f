#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/corpus.h"

namespace normscope {

/// How the sentences of a run are drawn and cut into shards.
struct ShardPlan {
  CorpusInput corpus;
  /// Its name in messages.
  std::string name;
  CorpusOptions corpus_options;
  /// Absent: all.
  std::optional<std::uint64_t> sentences;
  SampleMethod sample = SampleMethod::uniform;
  std::uint64_t seed = 0;
  /// In random order, with the shards ending at look_sizes().
  bool looks = false;
  /// Sentences to be drawn uniformly before the first shard, if the corpus can be read twice.
  std::uint64_t calibration = 0;
};

/// The sentences of a run, a shard at a time. A sample is held in memory; a whole corpus is read
/// twice, once to count and hash it; standard input or a pipe, which can be read only once, has no
/// size.
class SentenceShards {
 public:
  SentenceShards(const ShardPlan& plan, const std::stop_token& stop);

  /// The next shard's sentences; empty at the end. Throws Error, also if the corpus is not what
  /// it was the first time.
  std::vector<Sentence> next();

  /// Drawn as the plan says; fewer if the corpus is smaller, none if it can be read only once.
  [[nodiscard]] const std::vector<Sentence>& calibration() const { return calibration_; }

  /// Total sentences and shards, if they are known before the end.
  [[nodiscard]] std::optional<std::uint64_t> sentences() const { return sentences_; }
  /// Ends of the shards as numbers of sentences, if there are looks.
  [[nodiscard]] const std::vector<std::uint64_t>& looks() const { return looks_; }
  /// SHA-256 of the corpus: known from the start, or at the end if it can be read only once.
  [[nodiscard]] const ReadCounts& counts() const { return counts_; }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] const std::string& corpus_sha256() const { return sha256_; }
  /// If the sample is one of blocks.
  [[nodiscard]] const std::optional<Sample::Blocks>& blocks() const { return blocks_; }

 private:
  std::vector<Sentence> next_of_sample();
  std::vector<Sentence> next_of_corpus();

  /// Its name in messages.
  std::string name_;
  std::optional<std::uint64_t> sentences_;
  std::vector<std::uint64_t> looks_;
  ReadCounts counts_;
  std::optional<Sample::Blocks> blocks_;
  std::vector<std::string> columns_;
  std::string sha256_;
  std::vector<Sentence> sample_;
  std::vector<Sentence> calibration_;
  std::uint64_t given_ = 0;
  std::size_t shard_ = 0;
  std::optional<SentenceReader> reader_;
  std::stop_token stop_;
};

}  // namespace normscope

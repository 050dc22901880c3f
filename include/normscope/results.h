// The results of a run and how it was made: results.json as types.
//
//     const normscope::Results results = normscope::read_results("minilm-austen");
//     std::cout << results.study.conclusion.text << '\n';
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/export.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/study.h"

namespace normscope {

/// The page of a finished run, in its folder.
inline constexpr const char* kReportPage = "report.html";

/// What became of the sentences: read = empty + invalid + too_few_words + duplicates + not_sampled
/// + measured (if a run stops early, the rest of its sample counts as not sampled), and measured =
/// kept + outside_length + dropped_truncated.
struct Counts {
  std::uint64_t read = 0;
  std::uint64_t empty = 0;
  std::uint64_t invalid = 0;
  std::uint64_t too_few_words = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t not_sampled = 0;
  /// Measured, but cut off to fit the model.
  std::uint64_t truncated = 0;
  std::uint64_t measured = 0;
  /// Measured, but not analysed: too long.
  std::uint64_t outside_length = 0;
  /// Measured and short enough, but not analysed: truncated.
  std::uint64_t dropped_truncated = 0;
  std::uint64_t kept = 0;
  /// Truncated sentences among the kept ones.
  std::uint64_t kept_truncated = 0;
  /// Sentences that went through the encoder: per shard, one of those with the same token ids.
  std::uint64_t encoded = 0;
};

/// Wall time in seconds.
struct Timings {
  double load = 0;
  double read = 0;
  double tokenize = 0;
  double encode = 0;
  double analyse = 0;
};

/// How a run with early stopping ended.
struct EarlyStop {
  /// The wanted width of R²'s interval, and whether it was reached.
  double width = 0;
  bool reached = false;
  /// Which look at the growing sample was the last, and how many there could have been.
  std::uint64_t look = 0;
  std::uint64_t looks = 0;
  /// Confidence of the interval at each look, chosen so that the intervals of all looks together
  /// hold the truth with probability 0.95.
  double confidence = 0;
};

/// How the model's own vector was made from the last hidden state.
struct OwnReadoutSource {
  std::vector<Pooling> poolings = {};
  /// Whether the tokens of a prompt are pooled with the others.
  bool includes_prompt = true;
  /// What came after the pooling, in words: "Dense 768 to 512 (tanh)".
  std::vector<std::string> layers = {};
  /// Whether a Normalize at the end was left out, after which every norm is 1.
  bool normalizes = false;
  /// Length of the vector.
  std::uint64_t width = 0;
};

/// What the model read before each sentence.
struct PromptSource {
  std::string text;
  /// As config_sentence_transformers.json calls it; empty if the text was given.
  std::string name;
  /// Number of its tokens, without the special ones.
  std::uint64_t tokens = 0;
};

struct ModelSource {
  std::string name;
  std::string path;
  std::string sha256;
  /// Its model_type: "bert", "distilbert", …
  std::string architecture;
  EncoderSpec config;
  /// Where it was read.
  std::optional<OwnReadoutSource> own_readout = {};
};

struct CorpusSource {
  std::string name;
  std::string path;
  std::string sha256;
  bool prose = false;
  /// As asked for.
  CorpusFormat format = CorpusFormat::automatic;
  /// The columns that were read, if there are tables among its files.
  std::vector<std::string> columns = {};
};

/// A column of the corpus that is a property, and how many of the kept sentences have no usable
/// number in it.
struct NumberColumn {
  std::string name;
  /// Null, or not finite.
  std::uint64_t missing = 0;
  /// Beyond 1e50 in magnitude.
  std::uint64_t beyond = 0;
};

/// How a run was made: enough to repeat it. The strings may be anything that a command line or a
/// file system allows.
struct Manifest {
  std::string version;
  std::string command;
  std::uint64_t seed = 0;
  ModelSource model;
  CorpusSource corpus;
  /// How many sentences were wanted; absent: all.
  std::optional<std::uint64_t> sentences;
  SampleMethod sample = SampleMethod::uniform;
  /// Row groups read and in all, if blocks were drawn.
  std::optional<Sample::Blocks> blocks = std::nullopt;
  std::uint64_t min_words = 0;
  bool dedup = false;
  /// Sentences of this many tokens or more are not analysed.
  std::uint64_t length_below = 0;
  std::uint64_t max_length = 0;
  std::optional<PromptSource> prompt = {};
  /// The choice for truncated sentences, and whether they were dropped.
  TruncatedSentences truncated = TruncatedSentences::automatic;
  bool drops_truncated = false;
  /// The first of each are what the question is about.
  std::vector<StatisticColumn> statistics = {};
  /// Names.
  std::vector<std::string> properties = {};
  bool probes = false;
  bool controls = false;
  /// Points whose vectors are saved.
  std::vector<ReadoutPoint> saved_vectors = {};
  std::string cpu;
  std::vector<std::string> cpu_features;
  /// The instruction set that the encoder used.
  std::string isa;
  Precision precision = Precision::fp32;
  /// Absent in fp32.
  std::optional<PrecisionError> precision_error;
  /// Absent if all sentences were to be measured.
  std::optional<EarlyStop> early_stop;
  unsigned threads = 0;
  Counts counts;
  /// For each column of the corpus among the properties.
  std::vector<NumberColumn> number_columns = {};
  Timings timings;
  /// What decides the run's numbers, by name.
  std::map<std::string, std::string> identity = {};
  /// Names of all files that the run may have written into its folder.
  std::vector<std::string> files = {};
  /// SHA-256 of the measurements and the vectors, by file name.
  std::map<std::string, std::string> sha256 = {};
};

/// The content of results.json.
struct Results {
  /// "Does the norm of the [CLS] embedding encode …?"
  std::string question;
  Study study;
  Manifest manifest;
};

/// Writes results.json into `folder`, whole or not at all; numbers round-trip exactly, and what is
/// absent is null. Bytes of a string that are not UTF-8 become U+FFFD. Throws Error.
NORMSCOPE_EXPORT void write_results(const std::filesystem::path& folder, const Results& results);

/// Reads it back. Throws Error if it is not what this version writes, and names the version that
/// wrote it if that is another one.
[[nodiscard]] NORMSCOPE_EXPORT Results read_results(const std::filesystem::path& folder);

/// Reads only the manifest of results.json; throws as read_results() does.
[[nodiscard]] NORMSCOPE_EXPORT Manifest read_manifest(const std::filesystem::path& folder);

/// One process's share of a run's shards: every `parts`th, from `part` on (0 to parts - 1).
struct Part {
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
  /// Shards of the whole run.
  std::uint64_t shards = 0;
  /// The manifest of the run, as far as it is known before the parts are merged.
  Manifest manifest;
};

/// Writes part-I-of-N.json into `folder` (I from 1), once all shards of the part are finished.
/// Throws Error.
NORMSCOPE_EXPORT void write_part(const std::filesystem::path& folder, const Part& part);
/// The finished parts in a folder. Throws Error if a file is not what write_part() wrote.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<Part> read_parts(const std::filesystem::path& folder);

}  // namespace normscope

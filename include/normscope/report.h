#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/analysis.h"
#include "normscope/export.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/study.h"

namespace normscope {

/// What became of the sentences: read = empty + invalid + too_few_words + duplicates + not_sampled
/// + measured (where a run stops early, the rest of its sample counts as not sampled), and measured
/// = kept + outside_length + dropped_truncated.
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
  /// Sentences that went through the encoder: of those with the same token ids, one a shard.
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

/// How a run ended that was to stop once R² is known well enough.
struct EarlyStop {
  /// Wanted width of R²'s interval, and whether it was reached.
  double width = 0;
  bool reached = false;
  /// The look at the growing sample that was the last, of how many there could have been.
  std::uint64_t look = 0;
  std::uint64_t looks = 0;
  /// Of the interval at each look, so that those of all looks hold the truth together with
  /// probability 0.95.
  double confidence = 0;
};

struct ModelSource {
  std::string name;
  std::string path;
  std::string sha256;
  EncoderSpec config;
};

struct CorpusSource {
  std::string name;
  std::string path;
  std::string sha256;
  bool prose = false;
  /// As asked for: "auto", "text", "jsonl", …
  std::string format = "auto";
  /// Of the tables among its files, those that were read.
  std::vector<std::string> columns = {};
};

/// A column of the corpus that is a property, and how many of the kept sentences have no number in
/// it that statistics can be made of.
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
  /// How many sentences were asked for; absent: all.
  std::optional<std::uint64_t> sentences;
  /// How they were drawn: "uniform", "head", "stratified" or "blocks".
  std::string sample = "uniform";
  /// Row groups read and in all, where blocks were drawn.
  std::optional<Sample::Blocks> blocks = std::nullopt;
  std::uint64_t min_words = 0;
  bool dedup = false;
  /// Sentences of this many tokens or more are not analysed.
  std::uint64_t length_below = 0;
  std::uint64_t max_length = 0;
  /// What was to become of truncated sentences: "auto", "drop" or "keep"; and whether they were
  /// dropped.
  std::string truncated = "auto";
  bool drops_truncated = false;
  /// Names of the statistics and the properties; the first of each are what the first question is
  /// about.
  std::vector<std::string> statistics = {};
  std::vector<std::string> properties = {};
  bool probes = false;
  bool controls = false;
  /// Names of the points whose vectors are saved.
  std::vector<std::string> saved_vectors = {};
  std::string cpu;
  std::vector<std::string> cpu_features;
  /// The instruction set that the encoder used.
  std::string isa;
  /// fp32 or bf16.
  std::string precision;
  /// Absent in fp32.
  std::optional<PrecisionError> precision_error;
  /// Absent where all sentences were to be measured.
  std::optional<EarlyStop> early_stop;
  unsigned threads = 0;
  Counts counts;
  /// By the columns of the corpus among the properties.
  std::vector<NumberColumn> number_columns = {};
  Timings timings;
  /// What decides the run's numbers, by name.
  std::map<std::string, std::string> identity = {};
  /// Names of all files that the run may have written into its folder.
  std::vector<std::string> files = {};
  /// SHA-256 of the measurements and the vectors, by file name.
  std::map<std::string, std::string> sha256 = {};
};

/// Everything that a report tells.
struct Report {
  Manifest manifest;
  Analysis analysis;
  Study study = {};
};

/// The page of a finished run, in its folder.
inline constexpr const char* kReportPage = "report.html";

/// How static figures look: for a notebook or a page, or for a column of a paper (smaller, in the
/// type of its text, without a title).
enum class Style { notebook, paper };

/// Told how many steps of writing a report are done; calls never overlap.
using RenderProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Writes the report of a finished run again, from the results.json and measurements.parquet in its
/// folder: report.html, report.md and the static figures (PNG, SVG, PDF), which are figure.* (the
/// scatter), figure-funnel.*, and where the run has what they show figure-layers.* and
/// figure-probe.*; each file whole or not at all. The figures need gnuplot (5.4 or later, with its
/// cairo terminals) on PATH. Those that it does not draw are left out, with their old files, and
/// what is returned says which they are and why, a line a reason. Keeps runs out of the folder
/// meanwhile. Throws Error, also where one of the two is not what a run writes or a run is in the
/// folder, and Interrupted when `stop` is requested.
NORMSCOPE_EXPORT std::vector<std::string> render_report(const std::filesystem::path& folder,
                                                        Style style = Style::notebook,
                                                        const std::stop_token& stop = {},
                                                        const RenderProgress& progress = {});

/// Why static figures cannot be drawn here, and what to install; none where they can: gnuplot is on
/// PATH, new enough, and has the terminals that are needed. Takes some 20 ms, and at most 5 s.
/// Throws Interrupted when `stop` is requested.
[[nodiscard]] NORMSCOPE_EXPORT std::optional<std::string> figure_problem(
    const std::stop_token& stop = {});

/// results.json: the manifest and the analysis; numbers round-trip exactly, and what cannot be
/// computed is null. Bytes of a string that are not UTF-8 become U+FFFD.
NORMSCOPE_EXPORT void write_results(const std::filesystem::path& folder, const Manifest& manifest,
                                    const Analysis& analysis, const Study& study = {});

/// One process's share of a run's shards: every `parts`th, from `part` on (0 to parts - 1).
struct Part {
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
  /// Shards of the whole run.
  std::uint64_t shards = 0;
  /// Of the run, as far as it is known before the parts are merged.
  Manifest manifest;
};

/// part-I-of-N.json in `folder` (I from 1), once all shards of the part are there. Throws Error.
NORMSCOPE_EXPORT void write_part(const std::filesystem::path& folder, const Part& part);
/// The finished parts in a folder. Throws Error where a file is not what write_part() wrote.
NORMSCOPE_EXPORT std::vector<Part> read_parts(const std::filesystem::path& folder);

/// The results for a person at a terminal: a page of text with a line feed at its end. Of the study
/// it tells the strongest relation, where there is more than one, and the best probe.
[[nodiscard]] NORMSCOPE_EXPORT std::string summary(const Manifest& manifest,
                                                   const Analysis& analysis,
                                                   const Study& study = {});

/// The primary statistic along the primary property for a terminal, at most 76 columns wide, in
/// Unicode where the locale has it: mean and one standard deviation for each of at most 8 bins of
/// the property. Empty where there are too few sentences. The numbers are finite, one of each a
/// sentence.
[[nodiscard]] NORMSCOPE_EXPORT std::string funnel_chart(const Manifest& manifest,
                                                        std::span<const double> property,
                                                        std::span<const double> statistic);

}  // namespace normscope

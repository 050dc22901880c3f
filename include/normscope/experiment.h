// What `normscope run` does, as a call: sentences and a model in; measurements, analysis and report
// out, in a folder from which a stopped run resumes.
//
//     normscope::ExperimentOptions options;
//     options.model = normscope::resolve_model("all-MiniLM-L6-v2");
//     options.corpus = normscope::resolve_corpus("austen", {});
//     options.sentences = 10'000;
//     const normscope::Experiment done = normscope::run_experiment(options);
//     std::cout << done.results->study.conclusion.text << "\n";
// Nothing is printed; notices and progress go to a listener.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/export.h"
#include "normscope/measure.h"
#include "normscope/properties.h"
#include "normscope/report.h"
#include "normscope/results.h"
#include "normscope/sources.h"

namespace normscope {

/// Layers from `first` to `last`, both included: 0 is the embedding output. Absent: the model's
/// last layer.
struct LayerRange {
  std::optional<std::size_t> first = {};
  std::optional<std::size_t> last = {};
};
inline constexpr LayerRange kLastLayer{};
inline constexpr LayerRange kAllLayers{.first = 0, .last = std::nullopt};

/// What "last", "all", "4" or "1-3" names. Throws std::invalid_argument, which says what is wrong
/// with the text.
NORMSCOPE_EXPORT LayerRange parse_layer_range(std::string_view text);

/// One process's share of a run: every `parts`th of its shards, from `part` on (0 to parts - 1).
struct PartOfRun {
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
};

/// The part that "2/3" names, the second of three, or that "auto" finds in the environment of a
/// Slurm array, Slurm, Open MPI or another MPI. Throws std::invalid_argument, which says what is
/// wrong with the text.
NORMSCOPE_EXPORT PartOfRun parse_part(const std::string& text);

struct ExperimentOptions {
  ResolvedModel model = {};
  ResolvedCorpus corpus = {};
  /// How many sentences are drawn, and how; absent: all are taken.
  std::optional<std::uint64_t> sentences = {};
  SampleMethod sample = SampleMethod::uniform;
  /// Seed of the sample, the controls and the resampling.
  std::uint64_t seed = 0;

  /// What is measured: each statistic of each readout of each layer. The last layer of these, in
  /// the first readout and statistic, is the primary one, which the first question is about.
  std::vector<LayerRange> layers{kLastLayer};
  std::vector<Readout> readouts{Readout::cls};
  std::vector<Statistic> statistics{Statistic::l2};
  /// What is related to it: properties of the text, the first of which is the primary one, and
  /// columns of numbers in the corpus.
  std::vector<Property> properties{Property::tokens};
  std::vector<std::string> number_columns = {};
  /// Whether vectors of about 8,000 sentences are probed for the length.
  bool probes = false;
  /// Whether about 4,000 sentences are measured again with shuffled words and with random weights;
  /// implies `probes`.
  bool controls = false;
  /// Readouts, at `layers`, whose vectors are written to files.
  std::vector<Readout> saved_vectors = {};

  /// Sentences of this many tokens or more are measured but not analysed.
  std::uint64_t length_below = 80;
  /// Tokens that the model reads of a sentence, special ones and the prompt's included. Absent:
  /// 512, or as many as the model can read if that is fewer; with Readout::model, as many as
  /// encode() of sentence-transformers lets it read.
  std::optional<std::size_t> max_length = {};
  /// What the model reads before each sentence: a text, or the name of one in its
  /// config_sentence_transformers.json. Absent: nothing, or with Readout::model the prompt that the
  /// file names as the default.
  std::optional<std::string> prompt = {};
  TruncatedSentences truncated = TruncatedSentences::automatic;
  /// Measuring stops once the 95 % interval of R² is narrower than this.
  std::optional<double> r_squared_width = {};

  EncoderOptions encoder = {};
  /// 0: one for each core.
  unsigned threads = 0;
  /// More than one part needs a named `folder`, and cannot stop early.
  PartOfRun part = {};
  /// Where everything is written. Empty: a folder in the current one, named after model and corpus.
  std::filesystem::path folder = {};
  /// Replaces another run that the folder holds, or this one if it is finished.
  bool overwrite = false;
  /// How the experiment was asked for, to be recorded with the results.
  std::string command = {};
};

/// The stages of an experiment, in this order.
enum class Stage {
  /// Measuring what the mean vector is computed from, for Statistic::centered_l2.
  calibrating,
  measuring,
  /// Writing measurements.parquet and the vectors.
  writing,
  analysing,
  /// Drawing figures and writing the pages.
  reporting,
};

/// How far a stage has come: in sentences while calibrating and measuring, else in steps.
struct StageProgress {
  Stage stage = Stage::measuring;
  std::uint64_t done = 0;
  /// Absent if it is not known yet.
  std::optional<std::uint64_t> total = {};
  /// How much of `done` was done before, or elsewhere.
  std::uint64_t skipped = 0;
};

/// Either may be empty. Calls never overlap, but may come from any thread.
struct ExperimentListener {
  std::function<void(const StageProgress&)> progress = {};
  /// One line that the user should see.
  std::function<void(const std::string&)> notice = {};
};

struct Experiment {
  /// The folder that holds everything.
  std::filesystem::path folder = {};
  enum class Outcome {
    finished,
    /// The folder held the very same run; nothing was done.
    was_finished,
    /// The part is measured; merge_parts() makes the results once all are.
    part_measured,
  } outcome = Outcome::finished;
  /// Which part was measured.
  PartOfRun part = {};
  /// Present if this call finished the run.
  std::optional<Results> results = {};
  /// The primary property and the primary statistic of the analysed sentences, in the order of the
  /// corpus.
  std::vector<double> property = {};
  std::vector<double> statistic = {};
  /// Why figures are missing, one line per reason.
  std::vector<std::string> not_drawn = {};
};

/// Measures the corpus with the model, shard by shard, resuming what the same run has left
/// unfinished in the folder; analyses the measurements; writes results.json, measurements.parquet,
/// the vectors and the report. Throws Error, and Interrupted when `stop` is requested; finished
/// shards are kept.
NORMSCOPE_EXPORT Experiment run_experiment(const ExperimentOptions& options,
                                           const ExperimentListener& listener = {},
                                           const std::stop_token& stop = {});

struct MergeOptions {
  /// Where the parts were measured, which may be one folder.
  std::vector<std::filesystem::path> folders = {};
  /// Empty: the first of these.
  std::filesystem::path folder = {};
  bool overwrite = false;
};

/// Makes the results of a run whose parts are all measured: the same bytes as a run in one part
/// would write. Throws as run_experiment() does.
NORMSCOPE_EXPORT Experiment merge_parts(const MergeOptions& options,
                                        const ExperimentListener& listener = {},
                                        const std::stop_token& stop = {});

}  // namespace normscope

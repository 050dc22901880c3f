#include "cli/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <future>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/random.h"
#include "cli/file_name_part.h"
#include "cli/finish.h"
#include "cli/plan.h"
#include "cli/progress_bar.h"
#include "cli/shards.h"
#include "cli/terminal.h"
#include "experiment/kept_sentences.h"
#include "experiment/run_folder.h"
#include "model/roles.h"
#include "normscope/analysis.h"
#include "normscope/checkpoint.h"
#include "normscope/controls.h"
#include "normscope/corpus.h"
#include "normscope/error.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/report.h"
#include "normscope/tokenizer.h"
#include "normscope/version.h"
#include "results/run_files.h"

namespace normscope::cli {
namespace {

constexpr std::size_t kDefaultMaxLength = 512;
// Sentences whose mean vector is the centre of centered_l2.
constexpr std::uint64_t kCalibrationSentences = 1024;
// Expected numbers of sentences that are probed, and measured again as controls; and what a corpus
// is taken to hold whose sentences cannot be counted first.
constexpr double kProbeSentences = 8000;
constexpr double kControlSentences = 4000;
constexpr double kUnknownSentences = 128'000;
// Of the seed's random numbers, those that choose them.
constexpr std::uint64_t kChoice = 1;

// Seconds since the last call.
class Laps {
 public:
  double next() {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
};

void check_fit(const std::filesystem::path& folder, const Tokenizer& tokenizer,
               const EncoderSpec& spec) {
  if (tokenizer.vocabulary_size() > spec.vocabulary_size) {
    throw Error(folder, "the tokenizer has " + std::to_string(tokenizer.vocabulary_size()) +
                            " tokens, the model's embedding " +
                            std::to_string(spec.vocabulary_size));
  }
  if (tokenizer.special_tokens() == 0) {
    throw Error(folder, "the tokenizer adds no special tokens, so there is no [CLS] to read");
  }
}

std::size_t choose_max_length(const RunOptions& options, const std::filesystem::path& folder,
                              const Tokenizer& tokenizer, const EncoderSpec& spec) {
  if (!options.max_length) return std::min(kDefaultMaxLength, spec.max_positions);
  if (*options.max_length > spec.max_positions) {
    throw Error(folder, fmt::format("reads at most {} tokens, fewer than --max-length {}",
                                    spec.max_positions, *options.max_length));
  }
  if (*options.max_length <= tokenizer.special_tokens()) {
    throw Error(folder, fmt::format("--max-length {} leaves no room beside the {} special tokens",
                                    *options.max_length, tokenizer.special_tokens()));
  }
  return *options.max_length;
}

// A model made ready; building its parts takes some 30 ms each, so they are built side by side.
struct Instrument {
  Instrument(const RunOptions& options, std::filesystem::path model_folder)
      : folder(std::move(model_folder)),
        tokenizer_to_be(std::async(std::launch::async, Tokenizer::from_folder, folder)),
        model(load_model(folder)),
        plan(make_plan(options.plan, model)),
        encoder(model, plan.points, {.cpu = {.isa = options.isa}, .precision = options.precision}),
        tokenizer(tokenizer_to_be.get()),
        sha256_to_be(std::async(std::launch::async, model_sha256, model)),
        seed(options.corpus.seed) {
    check_fit(folder, tokenizer, model.spec);
    measuring = {.max_length = choose_max_length(options, folder, tokenizer, model.spec),
                 .threads = options.threads > 0 ? options.threads
                                                : std::max(1U, std::thread::hardware_concurrency()),
                 .columns = plan.columns};
    measuring.vectors.resize(2);
    if (plan.probes) measuring.vectors[kProbedVectors].points = probed(plan.columns);
    measuring.vectors[kSavedVectors].points = plan.saved;
    if (options.precision != Precision::fp32) {
      exact.emplace(model, std::vector{plan.points.front()},
                    EncoderOptions{.cpu = {.isa = options.isa}});
    }
    if (plan.controls) {
      random.emplace(randomize_weights(model, options.corpus.seed), plan.points,
                     EncoderOptions{.cpu = {.isa = options.isa}, .precision = options.precision});
    }
    if (plan.probes) shift = shift_before(plan.points.front());
  }

  // What is measured from here on is about these sentences' mean vectors.
  void calibrate(const std::vector<Sentence>& sentences, const MeasureProgress& progress,
                 const std::stop_token& stop) {
    measuring.centres = centres_of(sentences, encoder, progress, stop);
    if (random) random_centres = centres_of(sentences, *random, progress, stop);
  }

  // Of some `sentences` in all, where that is known, some have their vectors kept and some are
  // measured again as controls: which, is decided by their index alone.
  void choose_samples(std::optional<std::uint64_t> sentences) {
    if (!plan.probes) return;
    const auto share = [sentences](double wanted) {
      return sentences ? wanted / static_cast<double>(*sentences) : wanted / kUnknownSentences;
    };
    // The same numbers for both, so that the controls are among the probed.
    const std::uint64_t choice = Random(seed, kChoice).next();
    measuring.vectors[kProbedVectors].wants =
        [choice, below = share(kProbeSentences)](std::uint64_t index) {
          return Random(choice, index).uniform() < below;
        };
    is_control = [choice, below = share(kControlSentences)](std::uint64_t index) {
      return Random(choice, index).uniform() < below;
    };
  }

  // Throws Error where a norm is no number.
  [[nodiscard]] MeasuredShard measure_shard(std::vector<Sentence> sentences,
                                            const MeasureProgress& progress) const {
    MeasuredShard shard;
    shard.shift = shift;
    std::vector<Sentence> controls = random ? controls_among(sentences) : std::vector<Sentence>();
    shard.measurements = measure(std::move(sentences), tokenizer, encoder, measuring, progress);
    if (random) measure_controls(std::move(controls), shard);
    const std::vector<Measurement>& rows = shard.measurements.rows;
    for (const Measurement& row : rows) {
      for (std::size_t column = 0; column < row.statistics.size(); ++column) {
        if (std::isfinite(row.statistics[column])) continue;
        throw Error(folder, fmt::format("sentence {}", row.index),
                    name(plan.columns[column]) + " is not a finite number");
      }
    }
    if (exact) shard.precision_error = precision_error(rows, tokenizer, *exact, measuring);
    return shard;
  }

  [[nodiscard]] std::vector<Sentence> controls_among(const std::vector<Sentence>& sentences) const {
    std::vector<Sentence> chosen;
    for (const Sentence& sentence : sentences) {
      if (is_control(sentence.index)) chosen.push_back(sentence);
    }
    return chosen;
  }

  void measure_controls(std::vector<Sentence> chosen, MeasuredShard& shard) const {
    std::vector<Sentence> shuffled = chosen;
    for (Sentence& sentence : shuffled) {
      sentence.text = shuffle_words(sentence.text, seed, sentence.index);
    }
    MeasureOptions again = measuring;
    again.vectors = {{.points = measuring.vectors[kProbedVectors].points}};
    const auto add = [&](const char* name, std::vector<Sentence> sentences, const Encoder& with) {
      Measurements measured = measure(std::move(sentences), tokenizer, with, again);
      shard.measurements.tokenize_s += measured.tokenize_s;
      shard.measurements.encode_s += measured.encode_s;
      ControlRows control{.name = name,
                          .indices = {},
                          .statistics = {},
                          .vectors = std::move(measured.vectors.front())};
      for (Measurement& row : measured.rows) {
        control.indices.push_back(row.index);
        control.statistics.push_back(std::move(row.statistics));
      }
      shard.controls.push_back(std::move(control));
    };
    add("shuffled_words", std::move(shuffled), encoder);
    again.centres = random_centres;
    add("random_weights", std::move(chosen), *random);
  }

  // The mean vector at each of the encoder's points.
  [[nodiscard]] std::vector<std::vector<float>> centres_of(const std::vector<Sentence>& sentences,
                                                           const Encoder& of,
                                                           const MeasureProgress& progress,
                                                           const std::stop_token& stop) const {
    const MeasureOptions all{.max_length = measuring.max_length,
                             .threads = measuring.threads,
                             .columns = {},
                             .centres = {},
                             .vectors = {{.points = plan.points}}};
    const KeptVectors kept = measure(sentences, tokenizer, of, all, progress, stop).vectors.front();
    const std::size_t hidden = model.spec.hidden_size;
    std::vector<std::vector<float>> centres;
    for (const std::vector<float>& vectors : kept.points) {
      std::vector<double> sums(hidden);
      for (std::size_t i = 0; i < vectors.size(); ++i) sums[i % hidden] += vectors[i];
      std::vector<float>& centre = centres.emplace_back();
      for (const double sum : sums) {
        centre.push_back(static_cast<float>(sum / static_cast<double>(kept.indices.size())));
      }
    }
    return centres;
  }

  // The β of the LayerNorm that makes the point's vectors; none where no LayerNorm does.
  [[nodiscard]] std::vector<float> shift_before(const ReadoutPoint& point) const {
    if (point.readout != Readout::cls) return {};
    const std::optional<Slot> norm = norm_before(point.layer, model.spec);
    if (!norm || !has_bias(norm->role, model.spec)) return {};
    const TensorView& shift_of_norm = model.weights.at(norm->role, norm->layer).bias;
    std::vector<float> values(shift_of_norm.size());
    shift_of_norm.read(0, values);
    return values;
  }

  std::filesystem::path folder;
  std::future<Tokenizer> tokenizer_to_be;
  Model model;
  Plan plan;
  Encoder encoder;
  Tokenizer tokenizer;
  std::future<std::string> sha256_to_be;
  MeasureOptions measuring;
  /// Where the encoder is not exact: what to judge it by.
  std::optional<Encoder> exact;
  /// The control's model, and its centres.
  std::optional<Encoder> random;
  std::vector<std::vector<float>> random_centres;
  std::function<bool(std::uint64_t)> is_control;
  std::vector<float> shift;
  std::uint64_t seed;
};

std::string or_all(const std::optional<std::uint64_t>& sentences) {
  return sentences ? std::to_string(*sentences) : "all";
}

template <typename Value>
std::vector<std::string> names_of(const std::vector<Value>& values) {
  std::vector<std::string> names;
  for (const Value& value : values) names.push_back(name(value));
  return names;
}

// What decides the numbers of the shards.
Identity identity_of(const Manifest& manifest, const CorpusOptions& corpus) {
  return {{"version", manifest.version},
          {"model", manifest.model.sha256},
          {"corpus", manifest.corpus.sha256.empty() ? kReadOnce : manifest.corpus.sha256},
          {"splitting into sentences", manifest.corpus.prose ? "prose" : "lines"},
          {"--corpus-format", std::string(name(manifest.corpus.format))},
          {"--column", corpus.column.value_or("left out")},
          {"--min-words", std::to_string(manifest.min_words)},
          {"--dedup", manifest.dedup ? "yes" : "no"},
          {"--sentences", or_all(manifest.sentences)},
          {"--sample", std::string(name(manifest.sample))},
          {"statistics", fmt::format("{}", fmt::join(names_of(manifest.statistics), ","))},
          {"--property", fmt::format("{}", fmt::join(manifest.properties, ","))},
          {"--save-vectors", fmt::format("{}", fmt::join(names_of(manifest.saved_vectors), ","))},
          {"--probes", manifest.probes ? "yes" : "no"},
          {"--controls", manifest.controls ? "yes" : "no"},
          {"--seed", std::to_string(manifest.seed)},
          {"--until", manifest.early_stop ? fmt::format("{}", manifest.early_stop->width) : "none"},
          {"--length-below", std::to_string(manifest.length_below)},
          {"--max-length", std::to_string(manifest.max_length)},
          {"--truncated", std::string(name(manifest.truncated))},
          {"instruction set", manifest.isa},
          {"precision", std::string(name(manifest.precision))}};
}

// Of a finished run; says so where it has none, for it was made without gnuplot.
bool has_figures(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / "figure.png")) return true;
  say(fmt::format("normscope: its figures are missing; normscope report {} draws them\n",
                  folder.string()));
  return false;
}

// Whether the first statistic is taken of more than one vector.
bool compares_layers(const std::vector<StatisticColumn>& columns) {
  return std::ranges::count(columns, columns.front().statistic, &StatisticColumn::statistic) > 1;
}

Manifest begin_manifest(const RunOptions& options, const ResolvedModel& model,
                        const ResolvedCorpus& corpus, const Instrument& instrument) {
  Manifest manifest;
  manifest.version = version();
  manifest.command = options.command_line;
  manifest.seed = options.corpus.seed;
  manifest.model = {.name = model.name,
                    .path = std::filesystem::absolute(instrument.folder),
                    .sha256 = {},
                    .architecture = instrument.model.architecture,
                    .config = instrument.model.spec};
  manifest.corpus = {
      .name = corpus.name,
      .path = corpus.path == "-" ? "-" : std::filesystem::absolute(corpus.path).string(),
      .sha256 = {},
      .prose = corpus.options.prose,
      .format = corpus.options.format,
      .columns = {}};
  manifest.sentences = options.corpus.sentences;
  manifest.sample = options.corpus.sample;
  manifest.min_words = corpus.options.min_words;
  manifest.dedup = corpus.options.dedup;
  manifest.length_below = options.length_below;
  manifest.max_length = instrument.measuring.max_length;
  manifest.truncated = options.truncated;
  manifest.statistics = instrument.plan.columns;
  for (const Property property : instrument.plan.properties) {
    manifest.properties.emplace_back(name(property));
  }
  for (const std::string& column : instrument.plan.number_columns) {
    manifest.properties.push_back(std::string(kCorpusColumn) + column);
  }
  manifest.saved_vectors = instrument.plan.saved;
  manifest.probes = instrument.plan.probes;
  manifest.controls = instrument.plan.controls;
  manifest.cpu = cpu_name();
  manifest.cpu_features = cpu_features();
  manifest.isa = instrument.encoder.device();
  manifest.precision = instrument.encoder.precision();
  if (options.until) manifest.early_stop = EarlyStop{.width = *options.until};
  manifest.threads = instrument.measuring.threads;
  manifest.files = run_files(
      instrument.plan.saved,
      {.layers = compares_layers(instrument.plan.columns), .probe = instrument.plan.probes});
  return manifest;
}

// Looks after each shard whether R² is known well enough.
class Looks {
 public:
  Looks(const std::vector<std::uint64_t>& sizes, const KeptSentences& kept, EarlyStop& stop)
      : kept_(kept), stop_(stop) {
    stop_.looks = sizes.size();
    stop_.confidence = confidence_of_each_look(sizes);
  }

  // Whether to stop.
  bool look(std::vector<Measurement> rows) {
    for (Measurement& row : rows) {
      row.text = {};
      kept_.count(row);
      rows_.push_back(std::move(row));
    }
    ++stop_.look;
    std::vector<double> lengths;
    std::vector<double> norms;
    for (const Measurement& row : rows_) {
      if (!kept_.keeps(row)) continue;
      lengths.push_back(row.tokens);
      norms.push_back(row.statistics.front());
    }
    const std::optional<Estimate> found = line_r_squared(lengths, norms, stop_.confidence);
    if (!found || !found->interval) return false;
    stop_.reached = found->interval->high - found->interval->low < stop_.width;
    return stop_.reached;
  }

 private:
  KeptSentences kept_;
  EarlyStop& stop_;
  std::vector<Measurement> rows_;
};

// Measures the part's shards that are not there yet; returns the number of shards of the run.
std::uint64_t measure_shards(const RunOptions& options, const Instrument& instrument,
                             Shards& shards, const Checkpoint& checkpoint, Manifest& manifest,
                             const std::stop_token& stop) {
  std::optional<Looks> looks;
  if (manifest.early_stop) {
    looks.emplace(shards.looks(), KeptSentences(options.length_below, options.truncated),
                  *manifest.early_stop);
  }
  ProgressBar bar("measuring", options.quiet);
  std::uint64_t done = 0;
  std::uint64_t number = 0;
  for (std::vector<Sentence> sentences; !(sentences = shards.next()).empty(); ++number) {
    const std::size_t size = sentences.size();
    MeasuredShard shard;
    if (number % options.part.parts != options.part.part) {
      bar.skip(size);
    } else if (const std::string digest = sha256_of(sentences); checkpoint.has(number)) {
      shard = checkpoint.read(number, digest);
      bar.skip(size);
    } else {
      shard = instrument.measure_shard(std::move(sentences),
                                       [&](std::uint64_t in_shard, std::uint64_t) {
                                         bar.update(done + in_shard, shards.sentences());
                                       });
      checkpoint.write(number, shard, digest);
    }
    done += size;
    bar.update(done, shards.sentences());
    if (looks && looks->look(std::move(shard.measurements.rows))) return number + 1;
    if (stop.stop_requested() && done != shards.sentences()) throw Interrupted();
  }
  return number;
}

}  // namespace

bool run(const RunOptions& options, const ResolvedModel& model, const ResolvedCorpus& corpus,
         const std::stop_token& stop) {
  Laps laps;
  // Known before the first sentence, and not after the last.
  std::future<std::optional<std::string>> problem;
  if (options.part.parts == 1) problem = std::async(std::launch::async, figure_problem, stop);
  Instrument instrument(options, model.folder);
  Manifest manifest = begin_manifest(options, model, corpus, instrument);
  manifest.timings.load = laps.next();

  const bool calibrated = std::ranges::any_of(
      instrument.plan.columns,
      [](const StatisticColumn& column) { return column.statistic == Statistic::centered_l2; });
  Shards shards({.corpus = corpus.path,
                 .corpus_options = corpus.options,
                 .sentences = options.corpus.sentences,
                 .sample = options.corpus.sample,
                 .seed = options.corpus.seed,
                 .looks = options.until.has_value(),
                 .calibration = calibrated ? kCalibrationSentences : 0},
                stop);
  manifest.corpus.sha256 = shards.corpus_sha256();
  manifest.corpus.columns = shards.columns();
  manifest.blocks = shards.blocks();
  const auto no_sentence = [&] {
    const ReadCounts& counts = shards.counts();
    return Error(corpus.path,
                 fmt::format("no sentence to measure ({} read, {} empty, {} invalid, {} with too "
                             "few words)",
                             counts.read, counts.empty, counts.invalid, counts.too_few_words));
  };
  if (shards.sentences() == 0) throw no_sentence();
  if (calibrated && shards.calibration().empty()) {
    throw Error(corpus.path,
                "can be read only once, and centered_l2 needs its mean vector first; write it "
                "into a file, or ask for a sample with --sentences");
  }
  instrument.choose_samples(shards.sentences());
  manifest.model.sha256 = instrument.sha256_to_be.get();
  manifest.timings.read = laps.next();

  manifest.identity = identity_of(manifest, corpus.options);
  RunFolder out({.wanted = options.out,
                 .default_name = fmt::format("normscope-{}-{}", file_name_part(model.name),
                                             file_name_part(corpus.name)),
                 .overwrite = options.overwrite,
                 .part = options.part.part,
                 .parts = options.part.parts},
                {.identity = manifest.identity, .files = manifest.files});
  if (out.holds_finished_run()) {
    if (!options.quiet) {
      print(fmt::format("{} holds this run already, finished: {} (--overwrite measures it again)\n",
                        out.path().string(), (out.path() / kPageFile).string()));
    }
    return has_figures(out.path());
  }
  if (problem.valid()) {
    if (const std::optional<std::string> why = problem.get()) {
      say(fmt::format("normscope: figures will be missing: {}\n", *why));
    }
  }
  if (calibrated) {
    ProgressBar bar("finding the mean vector", options.quiet);
    instrument.calibrate(
        shards.calibration(),
        [&](std::uint64_t done, std::uint64_t total) { bar.update(done, total); }, stop);
  }
  const double calibrating = laps.next();
  const Checkpoint checkpoint(
      out.shards(), manifest.identity,
      {.statistics = names_of(manifest.statistics), .numbers = instrument.plan.number_columns});
  const std::uint64_t count =
      measure_shards(options, instrument, shards, checkpoint, manifest, stop);
  if (count == 0) throw no_sentence();
  manifest.corpus.sha256 = shards.corpus_sha256();
  manifest.corpus.columns = shards.columns();
  manifest.counts.read = shards.counts().read;
  manifest.counts.empty = shards.counts().empty;
  manifest.counts.invalid = shards.counts().invalid;
  manifest.counts.too_few_words = shards.counts().too_few_words;
  manifest.counts.duplicates = shards.counts().duplicates;

  if (options.part.parts > 1) {
    write_part(out.shards(), {.part = options.part.part,
                              .parts = options.part.parts,
                              .shards = count,
                              .manifest = manifest});
    if (!options.quiet) {
      print(fmt::format("part {} of {} is measured; when all are: normscope merge {}\n",
                        options.part.part + 1, options.part.parts, out.path().string()));
    }
    return true;
  }
  manifest.timings.encode += calibrating;
  return finish(
      out.path(), manifest, options.truncated, count,
      [&](std::uint64_t shard) { return checkpoint.read(shard); }, [&] { out.remove_shards(); },
      options.quiet, stop);
}

}  // namespace normscope::cli

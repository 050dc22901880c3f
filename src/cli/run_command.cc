#include "cli/run_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/measuring.h"
#include "cli/output_folder.h"
#include "cli/signals.h"
#include "cli/sources.h"
#include "normscope/analysis.h"
#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/error.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/report.h"
#include "normscope/tokenizer.h"
#include "normscope/version.h"

namespace normscope::cli {
namespace {

constexpr std::size_t kDefaultMaxLength = 512;

struct RunOptions {
  std::string model = kDefaultModel;
  std::string corpus = kDefaultCorpus;
  bool prose = false;
  std::optional<std::uint64_t> sentences;
  std::uint64_t seed = 0;
  std::uint64_t length_below = 80;
  std::optional<double> until;
  std::optional<std::size_t> max_length;
  unsigned threads = 0;
  std::optional<Isa> isa;
  Precision precision = Precision::fp32;
  std::string out;
  bool quiet = false;
  std::string command_line;
};

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
               const ModelConfig& config) {
  if (tokenizer.vocabulary_size() > config.vocabulary_size) {
    throw Error(folder, "the tokenizer has " + std::to_string(tokenizer.vocabulary_size()) +
                            " tokens, the model's embedding " +
                            std::to_string(config.vocabulary_size));
  }
  if (tokenizer.special_tokens() == 0) {
    throw Error(folder, "the tokenizer adds no special tokens, so there is no [CLS] to read");
  }
}

std::size_t choose_max_length(const RunOptions& options, const std::filesystem::path& folder,
                              const Tokenizer& tokenizer, const ModelConfig& config) {
  if (!options.max_length) return std::min(kDefaultMaxLength, config.max_positions);
  if (*options.max_length > config.max_positions) {
    throw Error(folder, fmt::format("reads at most {} tokens, fewer than --max-length {}",
                                    config.max_positions, *options.max_length));
  }
  if (*options.max_length <= tokenizer.special_tokens()) {
    throw Error(folder, fmt::format("--max-length {} leaves no room beside the {} special tokens",
                                    *options.max_length, tokenizer.special_tokens()));
  }
  return *options.max_length;
}

void check_finite(const std::vector<Measurement>& rows, const std::filesystem::path& model) {
  for (const Measurement& row : rows) {
    if (!std::isfinite(row.norm)) {
      throw Error(model, fmt::format("sentence {}", row.index),
                  "the norm of its [CLS] embedding is not a finite number");
    }
  }
}

Counts count(const ReadCounts& read, const Measurements& measurements, const Kept& kept) {
  Counts counts;
  counts.read = read.read;
  counts.empty = read.empty;
  counts.invalid = read.invalid;
  counts.measured = measurements.rows.size();
  counts.not_sampled = counts.read - counts.empty - counts.invalid - counts.measured;
  counts.encoded = measurements.encoded;
  counts.truncated = static_cast<std::uint64_t>(
      std::count_if(measurements.rows.begin(), measurements.rows.end(),
                    [](const Measurement& row) { return row.truncated; }));
  counts.kept = kept.norms.size();
  counts.outside_length = counts.measured - counts.kept;
  return counts;
}

void run(const RunOptions& options, const std::stop_token& stop) {
  Laps laps;
  const std::filesystem::path folder = resolve_model(options.model);
  const ResolvedCorpus corpus = resolve_corpus(options.corpus, options.prose);
  // Tokenizer and encoder take some 30 ms each to build, hashing the weights longer than both.
  std::future<Tokenizer> tokenizer_to_be =
      std::async(std::launch::async, Tokenizer::from_folder, folder);
  const Model model = load_model(folder);
  const std::vector<ReadoutPoint> points{{.layer = model.config.layers, .readout = Readout::cls}};
  const Encoder encoder(model, points, {.isa = options.isa, .precision = options.precision});
  const Tokenizer tokenizer = tokenizer_to_be.get();
  check_fit(folder, tokenizer, model.config);
  const std::size_t max_length = choose_max_length(options, folder, tokenizer, model.config);
  const std::string model_name = last_part(folder);
  OutputFolder out(options.out, model_name, corpus.name);
  std::future<std::string> model_digest = std::async(std::launch::async, model_sha256, model);
  const unsigned threads =
      options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());

  Report report;
  Manifest& manifest = report.manifest;
  manifest = {
      .version = version(),
      .command = options.command_line,
      .seed = options.seed,
      .model = {.name = model_name,
                .path = std::filesystem::absolute(folder),
                .sha256 = {},
                .config = model.config},
      .corpus = {.name = corpus.name,
                 .path = corpus.path == "-" ? "-" : std::filesystem::absolute(corpus.path).string(),
                 .sha256 = {},
                 .prose = corpus.options.prose},
      .sentences = options.sentences,
      .length_below = options.length_below,
      .max_length = max_length,
      .cpu = cpu_name(),
      .cpu_features = cpu_features(),
      .isa = std::string(name(encoder.isa())),
      .precision = std::string(name(encoder.precision())),
      .precision_error = {},
      .early_stop = {},
      .threads = threads,
      .counts = {},
      .timings = {}};
  manifest.timings.load = laps.next();

  SentenceReader reader(corpus.path, corpus.options);
  Sample sample = draw_sample(reader, options.sentences, options.seed, stop);
  manifest.corpus.sha256 = sample.corpus_sha256;
  manifest.timings.read = laps.next();
  if (sample.sentences.empty()) {
    throw Error(corpus.path,
                fmt::format("no sentence to measure ({} read, {} empty, {} invalid)",
                            sample.counts.read, sample.counts.empty, sample.counts.invalid));
  }

  const Measuring measuring{.tokenizer = tokenizer,
                            .encoder = encoder,
                            .options = {.max_length = max_length, .threads = threads},
                            .quiet = options.quiet,
                            .stop = stop};
  if (options.until) manifest.early_stop = EarlyStop{.width = *options.until};
  const Measurements measurements =
      manifest.early_stop ? measure_until(measuring, std::move(sample.sentences), options.seed,
                                          options.length_below, *manifest.early_stop)
                          : measure_all(measuring, std::move(sample.sentences));
  manifest.timings.tokenize = measurements.tokenize_s;
  manifest.timings.encode = measurements.encode_s;
  check_finite(measurements.rows, folder);
  if (options.precision != Precision::fp32) {
    const Encoder exact(model, points, {.isa = options.isa});
    manifest.precision_error = precision_error(measuring, exact, measurements.rows);
  }
  manifest.model.sha256 = model_digest.get();

  laps.next();
  const Kept kept = keep(measurements.rows, options.length_below);
  AnalysisOptions analysis_options;
  if (manifest.early_stop) analysis_options.r_squared_confidence = manifest.early_stop->confidence;
  manifest.counts = count(sample.counts, measurements, kept);
  report.analysis = analyse(kept.lengths, kept.norms, analysis_options);
  report.measurements = measurements.rows;
  report.lengths = kept.lengths;
  report.norms = kept.norms;
  manifest.timings.analyse = laps.next();

  if (stop.stop_requested()) throw Interrupted();
  write_report(out.path(), report);
  out.keep();
  if (!options.quiet) {
    fmt::print("{}\nfigure: {}\n", summary(manifest, report.analysis),
               (out.path() / "figure.png").string());
  }
}

}  // namespace

void add_run_command(CLI::App& app, const std::string& command_line) {
  auto options = std::make_shared<RunOptions>();
  options->command_line = command_line;
  CLI::App* command = app.add_subcommand(
      "run", "Measure a corpus with a model and write the figure, the table and the results");
  command->add_option("--model", options->model, "A Hugging Face model folder, or a built-in name")
      ->capture_default_str();
  command
      ->add_option("--corpus", options->corpus,
                   "A text file, a folder of them, - for standard input, or a built-in name")
      ->capture_default_str();
  command->add_flag("--prose", options->prose,
                    "The corpus is prose: split its paragraphs into sentences (without it: a "
                    "sentence a line)");
  command
      ->add_option("--sentences", options->sentences,
                   "Measure a uniform sample of this many sentences [all]")
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", options->seed, "Seed of the sample")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--length-below", options->length_below,
                   "Analyse sentences with fewer tokens than this")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      ->add_option("--max-length", options->max_length,
                   "Truncate sentences to this many tokens, [CLS] and [SEP] included [512, or "
                   "what the model can read]")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--until", options->until,
                   "Stop once R²'s 95 % interval is narrower than this, e.g. 0.005 [measure all]")
      ->check(CLI::Range(1e-6, 1.0));
  command->add_option("--threads", options->threads, "Worker threads [one a core]")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--isa", options->isa, "Instruction set of the encoder [the best of this CPU]")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Isa>{{"avx2", Isa::avx2}, {"avx512", Isa::avx512}}));
  command
      ->add_option("--precision", options->precision,
                   "Arithmetic of the encoder: fp32, or bf16 where the CPU has AVX512_BF16 [fp32]")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Precision>{{"fp32", Precision::fp32}, {"bf16", Precision::bf16}}));
  command->add_option("--out", options->out,
                      "Folder to write into [a fresh one named after model and corpus]");
  command->add_flag("--quiet", options->quiet, "No progress and no summary");
  command->callback([options] {
    const SignalStop signals;
    try {
      run(*options, signals.token());
    } catch (const Interrupted&) {
      throw Stopped{signals.signal()};
    }
  });
}

}  // namespace normscope::cli

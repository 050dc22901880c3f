#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/stopwatch.h"
#include "experiment/complete.h"
#include "experiment/describe.h"
#include "experiment/early_stopping.h"
#include "experiment/folder_name.h"
#include "experiment/run_folder.h"
#include "experiment/sentence_shards.h"
#include "experiment/session.h"
#include "experiment/tell.h"
#include "normscope/error.h"
#include "normscope/experiment.h"
#include "normscope/report.h"

namespace normscope {
namespace {

ExperimentOptions checked(ExperimentOptions options) {
  if (options.part.parts == 0 || options.part.part >= options.part.parts) {
    throw std::invalid_argument("there is no such part of the run");
  }
  if (options.part.parts > 1 && options.folder.empty()) {
    throw std::invalid_argument("the parts of a run need the name of a folder");
  }
  if (options.part.parts > 1 && options.r_squared_width) {
    throw std::invalid_argument("a run in parts cannot stop early");
  }
  if (options.r_squared_width && options.properties.front() != Property::tokens) {
    throw std::invalid_argument("only what is asked about the token length can stop early");
  }
  // Each is read once, and in this order.
  std::vector<std::string>& columns = options.corpus.options.number_columns;
  columns.clear();
  for (const std::string& column : options.number_columns) {
    if (std::ranges::find(columns, column) == columns.end()) columns.push_back(column);
  }
  return options;
}

// Its name in messages.
std::string place_of(const ResolvedCorpus& corpus) {
  const auto* const path = std::get_if<std::string>(&corpus.input);
  return path == nullptr ? corpus.name : *path;
}

ShardPlan shard_plan(const ExperimentOptions& options, const Session& session) {
  return {.corpus = options.corpus.input,
          .name = place_of(options.corpus),
          .corpus_options = options.corpus.options,
          .sentences = options.sentences,
          .sample = options.sample,
          .seed = options.seed,
          .looks = options.r_squared_width.has_value(),
          .calibration = session.calibration_sentences()};
}

Error no_sentence(const std::string& corpus, const ReadCounts& counts) {
  return {
      corpus,
      fmt::format("no sentence to measure ({} read, {} empty, {} invalid, {} with too few words)",
                  counts.read, counts.empty, counts.invalid, counts.too_few_words)};
}

// What is known about the corpus: everything, once the sentences have been read to the end.
void describe_corpus(const SentenceShards& shards, Manifest& manifest) {
  const ReadCounts& counts = shards.counts();
  manifest.corpus.sha256 = shards.corpus_sha256();
  manifest.corpus.columns = shards.columns();
  manifest.blocks = shards.blocks();
  manifest.counts.read = counts.read;
  manifest.counts.empty = counts.empty;
  manifest.counts.invalid = counts.invalid;
  manifest.counts.too_few_words = counts.too_few_words;
  manifest.counts.duplicates = counts.duplicates;
}

void calibrate(Session& session, const SentenceShards& shards, const ExperimentListener& listener,
               const std::stop_token& stop) {
  const auto progress = [&](std::uint64_t done, std::uint64_t total) {
    tell(listener, {.stage = Stage::calibrating, .done = done, .total = total});
  };
  session.calibrate(shards.calibration(), progress, stop);
}

// Measures the part's shards that do not exist yet; returns the number of shards of the run.
std::uint64_t measure_shards(const ExperimentOptions& options, const Session& session,
                             SentenceShards& shards, const Checkpoint& checkpoint,
                             Manifest& manifest, const ExperimentListener& listener,
                             const std::stop_token& stop) {
  std::optional<EarlyStopping> early;
  if (manifest.early_stop) {
    early.emplace(shards.looks(), KeptSentences(options.length_below, options.truncated),
                  *manifest.early_stop);
  }
  StageProgress progress;
  std::uint64_t number = 0;
  for (std::vector<Sentence> sentences; !(sentences = shards.next()).empty(); ++number) {
    const std::size_t size = sentences.size();
    progress.total = shards.sentences();
    MeasuredShard shard;
    if (number % options.part.parts != options.part.part) {
      progress.skipped += size;
    } else if (const std::string digest = sha256_of(sentences); checkpoint.has(number)) {
      shard = checkpoint.read(number, digest);
      progress.skipped += size;
    } else {
      shard = session.measure_shard(std::move(sentences), [&](std::uint64_t done, std::uint64_t) {
        StageProgress within = progress;
        within.done += done;
        tell(listener, within);
      });
      checkpoint.write(number, shard, digest);
    }
    progress.done += size;
    progress.total = shards.sentences();
    tell(listener, progress);
    if (early && early->look(std::move(shard.measurements.rows))) return number + 1;
    if (stop.stop_requested() && progress.done != shards.sentences()) throw Interrupted();
  }
  return number;
}

}  // namespace

Experiment run_experiment(const ExperimentOptions& wanted, const ExperimentListener& listener,
                          const std::stop_token& stop) {
  const ExperimentOptions options = checked(wanted);
  const std::string corpus = place_of(options.corpus);
  Stopwatch watch;
  // Known before the first sentence, and not after the last.
  std::future<std::optional<std::string>> problem;
  if (options.part.parts == 1) problem = std::async(std::launch::async, figure_problem, stop);
  Session session(options);
  for (const std::string& line : session.notices()) tell(listener, line);
  Manifest manifest = describe(options, session);
  manifest.timings.load = watch.lap();

  SentenceShards shards(shard_plan(options, session), stop);
  describe_corpus(shards, manifest);
  if (shards.sentences() == 0) throw no_sentence(corpus, shards.counts());
  const bool calibrated = session.calibration_sentences() > 0;
  if (calibrated && shards.calibration().empty()) {
    throw Error(corpus,
                "can be read only once, and centered_l2 needs its mean vector first; write it "
                "into a file, or ask for a sample");
  }
  session.choose_samples(shards.sentences());
  manifest.model.sha256 = session.model_sha256();
  manifest.timings.read = watch.lap();

  manifest.identity = identity_of(manifest, options.corpus.options);
  RunFolder out(
      {.wanted = options.folder,
       .default_name = fmt::format("normscope-{}-{}", folder_name_part(options.model.name),
                                   folder_name_part(options.corpus.name)),
       .overwrite = options.overwrite,
       .part = options.part.part,
       .parts = options.part.parts},
      {.identity = manifest.identity, .files = manifest.files});
  if (out.holds_finished_run()) {
    return {.folder = out.path(), .outcome = Experiment::Outcome::was_finished};
  }
  if (problem.valid()) {
    if (const std::optional<std::string> why = problem.get()) {
      tell(listener, fmt::format("figures will be missing: {}", *why));
    }
  }
  if (calibrated) calibrate(session, shards, listener, stop);
  const double calibrating = watch.lap();
  const Checkpoint checkpoint(
      out.shards(), manifest.identity,
      {.statistics = statistic_names(manifest), .numbers = session.plan().number_columns});
  const std::uint64_t count =
      measure_shards(options, session, shards, checkpoint, manifest, listener, stop);
  if (count == 0) throw no_sentence(corpus, shards.counts());
  describe_corpus(shards, manifest);

  if (options.part.parts > 1) {
    write_part(out.shards(), {.part = options.part.part,
                              .parts = options.part.parts,
                              .shards = count,
                              .manifest = manifest});
    return {
        .folder = out.path(), .outcome = Experiment::Outcome::part_measured, .part = options.part};
  }
  manifest.timings.encode += calibrating;
  return complete_run({.folder = out.path(),
                       .manifest = std::move(manifest),
                       .truncated = options.truncated,
                       .shards = count,
                       .read = [&](std::uint64_t shard) { return checkpoint.read(shard); },
                       .written = [&] { out.remove_shards(); }},
                      listener, stop);
}

}  // namespace normscope

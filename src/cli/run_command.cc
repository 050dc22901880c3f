#include <CLI/CLI.hpp>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>

#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/corpus_options.h"
#include "cli/hub_progress.h"
#include "cli/measure_options.h"
#include "cli/numbers.h"
#include "cli/outcome.h"
#include "cli/signals.h"
#include "cli/stage_bars.h"
#include "normscope/experiment.h"

namespace normscope::cli {
namespace {

struct RunOptions {
  std::string model = kDefaultModel;
  CorpusChoice corpus;
  ExperimentOptions experiment;
  bool quiet = false;
};

void run(const RunOptions& options) {
  ExperimentOptions experiment = options.experiment;
  if (experiment.part.parts > 1 && experiment.r_squared_width) {
    throw CLI::ValidationError("--shard", "does not go with --until");
  }
  if (experiment.part.parts > 1 && experiment.folder.empty()) {
    throw CLI::ValidationError("--shard", "needs --out, the same folder for all parts");
  }
  // A signal ends a download at once; the next download resumes from there.
  experiment.model = resolve_model(options.model, show_hub_progress(options.quiet));
  experiment.corpus = resolve_corpus(options.corpus.corpus, options.corpus.options,
                                     show_hub_progress(options.quiet));
  experiment.sentences = options.corpus.sentences;
  experiment.sample = options.corpus.sample;
  experiment.seed = options.corpus.seed;
  run_until_stopped([&](const std::stop_token& stop) {
    const Experiment done = [&] {
      StageBars bars(options.quiet);
      return run_experiment(experiment, bars.listener(), stop);
    }();
    return show_outcome(done, "measures", options.quiet);
  });
}

}  // namespace

void add_run_command(CLI::App& app, const std::string& command_line) {
  const auto options = std::make_shared<RunOptions>();
  ExperimentOptions& experiment = options->experiment;
  experiment.command = command_line;
  CLI::App* command = app.add_subcommand(
      "run", "Measure a corpus with a model; write the figures, the tables and the results");
  add_model_option(*command, options->model);
  add_corpus_options(*command, options->corpus);
  add_measure_options(*command, experiment);
  add_whole_number(*command, "--length-below", experiment.length_below, {.least = 1},
                   "Analyse only sentences with fewer tokens than this. Default: 80");
  add_whole_number(*command, "--max-length", experiment.max_length, {.least = 1},
                   "Truncate sentences to this many tokens, [CLS] and [SEP] included. Default: "
                   "512, or as many as the model can read; with --readout model, what "
                   "sentence-transformers takes");
  add_number(*command, "--until", experiment.r_squared_width, 1e-6, 1.0,
             "Stop once the 95 % interval of R² is narrower than this, such as 0.005. Default: "
             "measure all sentences")
      ->option_text("WIDTH");
  add_whole_number(*command, "--threads", experiment.threads, {.least = 1, .most = 1024},
                   "Number of worker threads. Default: one per core");
  add_choice(*command, "--isa", experiment.encoder.cpu.isa, by_name({Isa::avx2, Isa::avx512}),
             "Instruction set of the encoder: avx2 or avx512. Default: the best that this CPU has");
  add_choice(*command, "--precision", experiment.encoder.precision,
             by_name({Precision::fp32, Precision::bf16}),
             "Arithmetic of the encoder: fp32, or bf16 on a CPU with AVX512_BF16. Default: fp32");
  command
      ->add_option_function<std::string>(
          "--shard",
          [options](const std::string& text) {
            try {
              options->experiment.part = parse_part(text);
            } catch (const std::invalid_argument& error) {
              throw CLI::ValidationError(
                  "--shard", (text.empty() ? "an empty value" : text) + " " + error.what());
            }
          },
          "Measure only the Ith of N parts, which 'normscope merge' combines; auto takes both "
          "numbers from Slurm or MPI")
      ->option_text("I/N|auto");
  add_choice(
      *command, "--truncated", experiment.truncated,
      by_name({TruncatedSentences::automatic, TruncatedSentences::drop, TruncatedSentences::keep}),
      "What to do with sentences longer than --max-length: drop, keep, or auto, which keeps them "
      "if they are at most one in a hundred. Default: auto");
  command
      ->add_option("--out", experiment.folder,
                   "Folder to write into; resumes an unfinished run found there. Default: a folder "
                   "named after the model and the corpus")
      ->check(problem_of_name)
      ->option_text("FOLDER");
  command->add_flag("--overwrite", experiment.overwrite,
                    "Replace a finished run, or a different one, in the folder");
  command->add_flag("--quiet", options->quiet, "Print neither progress nor the summary");
  command->callback([options] { run(*options); });
}

}  // namespace normscope::cli

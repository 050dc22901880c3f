#include "cli/run_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "cli/corpus_options.h"
#include "cli/exit_status.h"
#include "cli/pipeline.h"
#include "cli/plan.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "normscope/error.h"

namespace normscope::cli {

void add_run_command(CLI::App& app, const std::string& command_line) {
  auto options = std::make_shared<RunOptions>();
  options->command_line = command_line;
  CLI::App* command = app.add_subcommand(
      "run", "Measure a corpus with a model and write the figure, the table and the results");
  command
      ->add_option("--model", options->model,
                   "A built-in name, a Hugging Face model folder, or a model on the hub: "
                   "[ORGANISATION/]NAME[@REVISION]")
      ->option_text(fmt::format("MODEL [{}]", kDefaultModel));
  add_corpus_options(*command, options->corpus);
  add_plan_options(*command, options->plan);
  command
      ->add_option("--length-below", options->length_below,
                   "Analyse sentences with fewer tokens than this")
      ->check(CLI::PositiveNumber)
      ->option_text("N [80]");
  command
      ->add_option("--max-length", options->max_length,
                   "Truncate sentences to this many tokens, [CLS] and [SEP] included [512, or "
                   "what the model can read]")
      ->check(CLI::PositiveNumber)
      ->option_text("N");
  command
      ->add_option("--until", options->until,
                   "Stop once R²'s 95 % interval is narrower than this, e.g. 0.005 [measure all]")
      ->check(CLI::Range(1e-6, 1.0))
      ->option_text("WIDTH");
  command->add_option("--threads", options->threads, "Worker threads [one a core]")
      ->check(CLI::Range(1, 1024))
      ->option_text("N");
  command
      ->add_option("--isa", options->isa,
                   "Instruction set of the encoder: avx2 or avx512 [the best of this CPU]")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Isa>{{"avx2", Isa::avx2}, {"avx512", Isa::avx512}}))
      ->option_text("NAME");
  command
      ->add_option("--precision", options->precision,
                   "Arithmetic of the encoder: fp32, or bf16 where the CPU has AVX512_BF16 [fp32]")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Precision>{{"fp32", Precision::fp32}, {"bf16", Precision::bf16}}))
      ->option_text("NAME");
  command
      ->add_option_function<std::string>(
          "--shard",
          [options](const std::string& text) {
            try {
              options->part = parse_part(text);
            } catch (const std::invalid_argument& error) {
              throw CLI::ValidationError("--shard", text + " " + error.what());
            }
          },
          "Measure the Ith of N parts, for normscope merge to put together; auto: as Slurm or MPI "
          "says")
      ->type_name("I/N|auto");
  command
      ->add_option("--out", options->out,
                   "Folder to write into; an unfinished run in it is gone on with [one named "
                   "after model and corpus]")
      ->option_text("FOLDER");
  command->add_flag("--quiet", options->quiet, "No progress and no summary");
  command->callback([options] {
    if (options->part.parts > 1 && (options->out.empty() || options->until)) {
      throw CLI::ValidationError("--shard", options->until ? "does not go with --until"
                                                           : "needs --out, the same for all parts");
    }
    // A signal ends a download at once; the next one goes on from there.
    const ResolvedModel model = resolve_model(options->model, options->quiet);
    options->corpus.options.number_columns = options->plan.number_columns;
    const ResolvedCorpus corpus =
        resolve_corpus(options->corpus.corpus, options->corpus.options, options->quiet);
    const SignalStop signals;
    try {
      run(*options, model, corpus, signals.token());
    } catch (const Interrupted&) {
      say("normscope: stopped; the same command goes on from here\n");
      throw Exit{128 + signals.signal()};
    }
  });
}

}  // namespace normscope::cli

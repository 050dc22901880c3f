#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/corpus_options.h"
#include "cli/hub_progress.h"
#include "cli/terminal.h"
#include "normscope/corpus.h"
#include "normscope/sources.h"
#include "normscope/text.h"

namespace normscope::cli {
namespace {

struct SentencesChoice {
  CorpusChoice corpus;
  bool jsonl = false;
};

void print(const Sentence& sentence, bool jsonl) {
  if (!jsonl) return print_buffered(sentence.text + '\n');
  print_buffered(
      fmt::format("{{\"index\":{},\"text\":{}}}\n", sentence.index, to_json_string(sentence.text)));
}

void report(const std::string& name, std::uint64_t printed, const ReadCounts& counts,
            const std::vector<std::string>& columns) {
  std::string line =
      fmt::format("{} of {} sentences printed; {} read, {} empty, {} not UTF-8", printed,
                  counts.given(), counts.read, counts.empty, counts.invalid);
  if (counts.too_few_words > 0) {
    line += fmt::format(", {} with too few words", counts.too_few_words);
  }
  if (counts.duplicates > 0) line += fmt::format(", {} read before", counts.duplicates);
  if (!columns.empty()) line += fmt::format("; column {}", fmt::join(columns, ", "));
  say(fmt::format("{}: {}\n", name, line));
}

void print_sample(const ResolvedCorpus& source, const CorpusChoice& choice, bool jsonl) {
  const Sample sample =
      draw_sample(source.input, source.options, choice.sentences, choice.seed, choice.sample);
  for (const Sentence& sentence : sample.sentences) print(sentence, jsonl);
  flush_output();
  report(source.name, sample.sentences.size(), sample.counts, sample.columns);
}

// If no sample is drawn, nothing has to be kept.
void print_all(const ResolvedCorpus& source, bool jsonl) {
  SentenceReader reader(source.input, source.options);
  std::uint64_t printed = 0;
  for (Sentence sentence; reader.next(sentence); ++printed) print(sentence, jsonl);
  flush_output();
  report(source.name, printed, reader.counts(), reader.columns());
}

void print_sentences(const SentencesChoice& options) {
  const ResolvedCorpus source =
      resolve_corpus(options.corpus.corpus, options.corpus.options, show_hub_progress(false));
  if (options.corpus.sentences) {
    print_sample(source, options.corpus, options.jsonl);
  } else {
    print_all(source, options.jsonl);
  }
}

}  // namespace

void add_sentences_command(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("sentences", "Print the sentences that a run would measure");
  // Lives as long as the callback that reads it.
  const auto options = std::make_shared<SentencesChoice>();
  add_corpus_options(*command, options->corpus);
  add_choice<bool>(*command, "--format", options->jsonl, {{"text", false}, {"jsonl", true}},
                   "What to print: text (one sentence per line) or jsonl (a JSON object per line, "
                   "with the index). Default: text");
  command->callback([options] { print_sentences(*options); });
}

}  // namespace normscope::cli

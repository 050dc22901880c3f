#include "cli/sentences_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "cli/sources.h"
#include "normscope/corpus.h"
#include "normscope/error.h"

namespace normscope::cli {
namespace {

struct Options {
  std::string corpus = kDefaultCorpus;
  bool prose = false;
  std::optional<std::uint64_t> sentences;
  std::uint64_t seed = 0;
  std::string format = "text";
};

void write_line(std::string line) {
  line += '\n';
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) {
    throw Error("standard output", std::strerror(errno));
  }
}

void print(const Sentence& sentence, bool jsonl) {
  if (!jsonl) return write_line(sentence.text);
  write_line(nlohmann::ordered_json{{"index", sentence.index}, {"text", sentence.text}}.dump());
}

void print_sentences(const Options& options) {
  const ResolvedCorpus source = resolve_corpus(options.corpus, options.prose);
  SentenceReader reader(source.path, source.options);
  const bool jsonl = options.format == "jsonl";
  std::uint64_t printed = 0;
  if (options.sentences) {
    const Sample sample = draw_sample(reader, options.sentences, options.seed);
    for (const Sentence& sentence : sample.sentences) print(sentence, jsonl);
    printed = sample.sentences.size();
  } else {
    // Without a sample to draw, nothing has to be kept.
    for (Sentence sentence; reader.next(sentence); ++printed) print(sentence, jsonl);
  }
  if (std::fflush(stdout) != 0) throw Error("standard output", std::strerror(errno));
  const ReadCounts& counts = reader.counts();
  fmt::print(stderr, "{}: {} of {} sentences printed; {} read, {} empty, {} not UTF-8\n",
             source.name, printed, counts.read - counts.empty - counts.invalid, counts.read,
             counts.empty, counts.invalid);
}

}  // namespace

void add_sentences_command(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("sentences", "Print the sentences that a run would measure");
  // Lives as long as the callback that reads it.
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--corpus", options->corpus,
                   "A text file, a folder of them, - for standard input, or the name of a "
                   "built-in corpus")
      ->capture_default_str();
  command->add_flag("--prose", options->prose,
                    "Paragraphs parted by blank lines, to be split into sentences (else a "
                    "sentence a line)");
  command->add_option("--sentences", options->sentences, "Draw a uniform sample of this many [all]")
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", options->seed, "Of the sample")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--format", options->format, "One sentence a line, or JSON with its index")
      ->check(CLI::IsMember({"text", "jsonl"}))
      ->capture_default_str();
  command->callback([options] { print_sentences(*options); });
}

}  // namespace normscope::cli

#include "cli/corpus_options.h"

#include <CLI/CLI.hpp>
#include <string>

#include "cli/choices.h"
#include "cli/numbers.h"

namespace normscope::cli {

void add_corpus_options(CLI::App& command, CorpusChoice& choice) {
  command
      .add_option("--corpus", choice.corpus,
                  "A file, a folder, a quoted pattern such as 'data/*.jsonl.gz', - for standard "
                  "input, a built-in name, or a dataset on the hub, "
                  "hf:[ORGANISATION/]NAME[:CONFIG[:SPLIT[:COLUMN]]][@REVISION]. It may be text, "
                  "JSON Lines, CSV, TSV, Parquet or Arrow, plain or compressed with gzip, zstd, "
                  "bzip2 or xz. Default: " +
                      std::string(kDefaultCorpus))
      ->option_text("CORPUS");
  add_choice(
      command, "--corpus-format", choice.options.format,
      by_name({CorpusFormat::automatic, CorpusFormat::text, CorpusFormat::jsonl, CorpusFormat::csv,
               CorpusFormat::tsv, CorpusFormat::parquet, CorpusFormat::arrow}),
      "Format of the files: auto, text, jsonl, csv, tsv, parquet or arrow. Default: auto, which "
      "detects it from each file's first bytes and name");
  command
      .add_option("--column", choice.options.column,
                  "Column that holds the text of a table; a.b for b inside a. Default: text, "
                  "sentence, or the only column of text")
      ->option_text("NAME");
  command.add_flag("--prose", choice.options.prose,
                   "The corpus is prose: split its paragraphs (between blank lines, or rows of a "
                   "table) into sentences. Default: a line or row is a sentence");
  add_whole_number(command, "--min-words", choice.options.min_words, {.least = 1},
                   "Leave out sentences with fewer words than this");
  command.add_flag(
      "--dedup", choice.options.dedup,
      "Leave out repeated sentences (takes 18 to 37 bytes of memory per distinct sentence)");
  CLI::Option* const sentences =
      add_whole_number(command, "--sentences", choice.sentences, {.least = 1},
                       "Draw a sample of this many sentences. Default: take all of them");
  add_choice(
      command, "--sample", choice.sample,
      by_name({SampleMethod::uniform, SampleMethod::head, SampleMethod::stratified,
               SampleMethod::blocks}),
      "How to draw the sample: uniform, head (the first sentences), stratified (as evenly as "
      "possible over the lengths in words) or blocks (from row groups of Parquet files drawn at "
      "random, without reading the others). Default: uniform")
      ->needs(sentences);
  add_whole_number(command, "--seed", choice.seed, {}, "Seed of the sample. Default: 0");
}

void add_model_option(CLI::App& command, std::string& model) {
  command
      .add_option("--model", model,
                  "A built-in name, a Hugging Face model folder, or a model on the hub, "
                  "[ORGANISATION/]NAME[@REVISION]. Default: " +
                      std::string(kDefaultModel))
      ->option_text("MODEL");
}

}  // namespace normscope::cli

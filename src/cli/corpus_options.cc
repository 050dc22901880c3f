#include "cli/corpus_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

namespace normscope::cli {
namespace {

template <typename Value>
std::map<std::string, Value> by_name(std::initializer_list<Value> values) {
  std::map<std::string, Value> names;
  for (const Value value : values) names.emplace(name(value), value);
  return names;
}

}  // namespace

void add_corpus_options(CLI::App& command, CorpusChoice& choice) {
  command
      .add_option("--corpus", choice.corpus,
                  "A file, a folder, a quoted pattern such as 'data/*.jsonl.gz', - for standard "
                  "input, a built-in name, or a dataset on the hub: "
                  "hf:[ORGANISATION/]NAME[:CONFIG[:SPLIT[:COLUMN]]][@REVISION]; text, JSON Lines, "
                  "CSV, TSV, Parquet or Arrow, plain or compressed with gzip, zstd, bzip2 or xz")
      ->option_text(fmt::format("CORPUS [{}]", kDefaultCorpus));
  command
      .add_option("--corpus-format", choice.options.format,
                  "What the files are: auto, text, jsonl, csv, tsv, parquet or arrow [auto: told "
                  "by each file's first bytes and name]")
      ->transform(CLI::CheckedTransformer(by_name(
          {CorpusFormat::automatic, CorpusFormat::text, CorpusFormat::jsonl, CorpusFormat::csv,
           CorpusFormat::tsv, CorpusFormat::parquet, CorpusFormat::arrow})))
      ->option_text("FORMAT");
  command
      .add_option("--column", choice.options.column,
                  "Column of a table that holds the text, a.b for b in a [text, sentence, or "
                  "the only one that holds text]")
      ->option_text("NAME");
  command.add_flag("--prose", choice.options.prose,
                   "The corpus is prose: split its paragraphs (parted by blank lines, or rows) "
                   "into sentences (without it: a sentence a line or row)");
  command
      .add_option("--min-words", choice.options.min_words,
                  "Leave out sentences with fewer words than this")
      ->check(CLI::PositiveNumber)
      ->option_text("N");
  command.add_flag("--dedup", choice.options.dedup,
                   "Leave out sentences that were read before (18 to 37 bytes of memory for each "
                   "different one)");
  CLI::Option* const sentences =
      command
          .add_option("--sentences", choice.sentences, "Draw a sample of this many sentences [all]")
          ->check(CLI::PositiveNumber)
          ->option_text("N");
  command
      .add_option("--sample", choice.sample,
                  "How to draw it: uniform, head (the first ones), stratified (as evenly as can be "
                  "over the lengths in words) or blocks (from row groups of Parquet files drawn at "
                  "random, without reading the others) [uniform]")
      ->transform(
          CLI::CheckedTransformer(by_name({SampleMethod::uniform, SampleMethod::head,
                                           SampleMethod::stratified, SampleMethod::blocks})))
      ->option_text("METHOD")
      ->needs(sentences);
  command.add_option("--seed", choice.seed, "Seed of the sample")
      ->check(CLI::NonNegativeNumber)
      ->option_text("N [0]");
}

}  // namespace normscope::cli

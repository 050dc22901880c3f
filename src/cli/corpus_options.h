#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/sources.h"
#include "normscope/corpus.h"

namespace CLI {
class App;
}

namespace normscope::cli {

/// Which sentences are measured, as the command line says.
struct CorpusChoice {
  std::string corpus = kDefaultCorpus;
  CorpusOptions options;
  /// Absent: all.
  std::optional<std::uint64_t> sentences;
  SampleMethod sample = SampleMethod::uniform;
  std::uint64_t seed = 0;
};

/// Adds the options that fill in `choice`, which must live as long as the command.
void add_corpus_options(CLI::App& command, CorpusChoice& choice);

}  // namespace normscope::cli

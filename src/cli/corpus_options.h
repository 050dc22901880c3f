#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "normscope/corpus.h"
#include "normscope/sources.h"

namespace CLI {
class App;
}

namespace normscope::cli {

/// Which sentences the command line asks for.
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

/// Adds --model, which fills in `model`.
void add_model_option(CLI::App& command, std::string& model);

}  // namespace normscope::cli

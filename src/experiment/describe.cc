#include "experiment/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiment/own_readout_source.h"
#include "experiment/run_folder.h"
#include "normscope/cpu.h"
#include "normscope/text.h"
#include "normscope/version.h"
#include "results/run_files.h"

namespace normscope {
namespace {

template <typename Value>
std::vector<std::string> names_of(const std::vector<Value>& values) {
  std::vector<std::string> names;
  for (const Value& value : values) names.push_back(name(value));
  return names;
}

std::string or_all(const std::optional<std::uint64_t>& sentences) {
  return sentences ? std::to_string(*sentences) : "all";
}

// Whether the first statistic is taken from more than one vector.
bool compares_layers(const std::vector<StatisticColumn>& columns) {
  return std::ranges::count(columns, columns.front().statistic, &StatisticColumn::statistic) > 1;
}

std::string absolute_path(const CorpusInput& input) {
  const auto* const path = std::get_if<std::string>(&input);
  if (path == nullptr) return {};
  return *path == "-" ? "-" : std::filesystem::absolute(*path).string();
}

}  // namespace

Manifest describe(const ExperimentOptions& options, const Session& session) {
  Manifest manifest;
  manifest.version = version();
  manifest.command = options.command;
  manifest.seed = options.seed;
  manifest.model = {.name = options.model.name,
                    .path = std::filesystem::absolute(options.model.folder),
                    .sha256 = {},
                    .architecture = session.model().architecture,
                    .config = session.model().spec,
                    .own_readout = own_readout_source(session.model())};
  const ResolvedCorpus& corpus = options.corpus;
  manifest.corpus = {.name = corpus.name,
                     .path = absolute_path(corpus.input),
                     .sha256 = {},
                     .prose = corpus.options.prose,
                     .format = corpus.options.format,
                     .columns = {}};
  manifest.sentences = options.sentences;
  manifest.sample = options.sample;
  manifest.min_words = corpus.options.min_words;
  manifest.dedup = corpus.options.dedup;
  manifest.length_below = options.length_below;
  manifest.max_length = session.max_length();
  manifest.prompt = session.prompt();
  manifest.truncated = options.truncated;
  manifest.statistics = session.plan().columns;
  for (const Property property : session.plan().properties) {
    manifest.properties.emplace_back(name(property));
  }
  for (const std::string& column : session.plan().number_columns) {
    manifest.properties.push_back(std::string(kCorpusColumn) + column);
  }
  manifest.saved_vectors = session.plan().saved;
  manifest.probes = session.plan().probes;
  manifest.controls = session.plan().controls;
  manifest.cpu = cpu_name();
  manifest.cpu_features = cpu_features();
  manifest.isa = session.encoder().device();
  manifest.precision = session.encoder().precision();
  if (options.r_squared_width) {
    manifest.early_stop = EarlyStop{.width = *options.r_squared_width};
  }
  manifest.threads = session.threads();
  manifest.files = run_files(
      session.plan().saved,
      {.layers = compares_layers(session.plan().columns), .probe = session.plan().probes});
  return manifest;
}

std::vector<std::string> statistic_names(const Manifest& manifest) {
  return names_of(manifest.statistics);
}

Identity identity_of(const Manifest& manifest, const CorpusOptions& corpus) {
  return {{"version", manifest.version},
          {"model", manifest.model.sha256},
          {"corpus", manifest.corpus.sha256.empty() ? kReadOnce : manifest.corpus.sha256},
          {"splitting into sentences", manifest.corpus.prose ? "prose" : "lines"},
          {"corpus format", std::string(name(manifest.corpus.format))},
          {"text column", corpus.column.value_or("not named")},
          {"fewest words", std::to_string(manifest.min_words)},
          {"deduplication", manifest.dedup ? "yes" : "no"},
          {"number of sentences", or_all(manifest.sentences)},
          {"sample", std::string(name(manifest.sample))},
          {"statistics", fmt::format("{}", fmt::join(statistic_names(manifest), ","))},
          {"properties", fmt::format("{}", fmt::join(manifest.properties, ","))},
          {"saved vectors", fmt::format("{}", fmt::join(names_of(manifest.saved_vectors), ","))},
          {"probes", manifest.probes ? "yes" : "no"},
          {"controls", manifest.controls ? "yes" : "no"},
          {"seed", std::to_string(manifest.seed)},
          {"width of R²'s interval",
           manifest.early_stop ? fmt::format("{}", manifest.early_stop->width) : "none"},
          {"length limit", std::to_string(manifest.length_below)},
          {"prompt", manifest.prompt ? to_json_string(manifest.prompt->text) : "none"},
          {"maximum length", std::to_string(manifest.max_length)},
          {"rule for truncated sentences", std::string(name(manifest.truncated))},
          {"instruction set", manifest.isa},
          {"precision", std::string(name(manifest.precision))}};
}

}  // namespace normscope

#include "results/compare_json.h"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json_fields.h"
#include "base/json_file.h"
#include "normscope/error.h"
#include "normscope/version.h"
#include "results/names.h"
#include "results/statistics_fields.h"

namespace normscope {
namespace {

/// Changes whenever a name or its meaning in the file changes; compare.schema.json describes them.
constexpr std::uint64_t kCompareVersion = 2;

struct Source {
  std::string name;
  std::string sha256;
};

struct Probe {
  ReadoutPoint point;
  Estimate r_squared;
};

struct Run {
  std::string name;
  std::string path;
  const Results* results = nullptr;
  RunNumbers numbers;
};

struct File {
  std::vector<Run> runs;
  const Comparison* comparison = nullptr;
  std::vector<std::string> notes;
};

template <class Fields>
void describe(Fields& fields, Of<Source> auto& source) {
  fields("name", source.name);
  fields("sha256", source.sha256);
}

template <class Fields>
void describe(Fields& fields, Of<Probe> auto& probe) {
  fields("layer", probe.point.layer);
  fields("readout", probe.point.readout);
  fields("r_squared", probe.r_squared);
}

std::vector<Probe> probes_of(const Study& study) {
  std::vector<Probe> probes;
  for (const PointProbes& found : study.probes) {
    if (found.ridge) probes.push_back({.point = found.point, .r_squared = found.ridge->r_squared});
  }
  return probes;
}

template <class Fields>
void describe(Fields& fields, Of<Run> auto& run) {
  const Manifest& manifest = run.results->manifest;
  const Study& study = run.results->study;
  const GridRelation& found = study.relations.front();
  fields("name", run.name);
  fields("path", run.path);
  fields("version", manifest.version);
  fields("model", Source{manifest.model.name, manifest.model.sha256});
  fields("corpus", Source{manifest.corpus.name, manifest.corpus.sha256});
  fields("statistic", found.statistic);
  fields("property", found.property);
  fields("length_below", manifest.length_below);
  fields("sentences", run.numbers.sentences);
  fields("mean", run.numbers.mean);
  fields("standard_deviation",
         study.statistic ? study.statistic->standard_deviation : std::optional<double>());
  fields("line", found.relation.line);
  fields("spearman", run.numbers.spearman);
  fields("statistic_given_property", found.relation.statistic_given_property);
  fields("property_given_statistic", found.relation.property_given_statistic);
  fields("threshold", found.relation.threshold);
  fields("probes", probes_of(study));
}

template <class Fields>
void describe(Fields& fields, Of<File> auto& file) {
  fields("schema_version", kCompareVersion);
  fields("version", version());
  fields("runs", file.runs);
  fields("pairs", file.comparison->pairs);
  fields.object("bootstrap", [&](auto& bootstrap) {
    bootstrap("resamples", file.comparison->options.resamples);
    bootstrap("seed", file.comparison->options.seed);
  });
  fields("notes", file.notes);
}

}  // namespace

std::string compare_json(std::span<const ComparedResults> runs, const Comparison& comparison,
                         const std::vector<std::string>& notes) {
  File file{.runs = {}, .comparison = &comparison, .notes = notes};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    file.runs.push_back({.name = runs[i].name,
                         .path = runs[i].path,
                         .results = runs[i].results,
                         .numbers = comparison.runs[i]});
  }
  return json_text(file, 2) + "\n";
}

bool is_compare_json(const std::filesystem::path& path) {
  try {
    const nlohmann::json json = read_json_object(path);
    return json.contains("schema_version") && json.contains("runs") && json.contains("pairs");
  } catch (const Error&) {
    return false;
  }
}

}  // namespace normscope

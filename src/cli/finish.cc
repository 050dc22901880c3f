#include "cli/finish.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "cli/collector.h"
#include "cli/plan.h"
#include "files/atomic_file.h"
#include "normscope/analysis.h"
#include "report/text_chart.h"

namespace normscope::cli {

void finish(const std::filesystem::path& folder, Manifest manifest, std::uint64_t shards,
            const std::function<MeasuredShard(std::uint64_t)>& read, bool quiet) {
  Collector collector(manifest);
  if (collector.needs_word_ranks()) {
    for (std::uint64_t number = 0; number < shards; ++number) {
      collector.count_words(read(number).measurements.rows);
    }
    collector.end_of_words();
  }
  std::vector<StatisticColumn> columns;
  for (const std::string& name : manifest.statistics) columns.push_back(column_named(name));
  write_atomically(folder / "measurements.parquet", [&](const std::filesystem::path& aside) {
    MeasurementWriter writer(aside, column_names(columns, manifest.model.config.layers));
    std::vector<Measurement> in_random_order;
    for (std::uint64_t number = 0; number < shards; ++number) {
      MeasuredShard shard = read(number);
      collector.add(shard);
      std::vector<Measurement>& rows = shard.measurements.rows;
      if (manifest.early_stop) {
        std::ranges::move(rows, std::back_inserter(in_random_order));
      } else {
        collector.add(rows);
        writer.append(rows);
      }
    }
    std::ranges::sort(in_random_order, {}, &Measurement::index);
    collector.add(in_random_order);
    writer.append(in_random_order);
    writer.close();
  });

  const auto start = std::chrono::steady_clock::now();
  Counts& counts = manifest.counts;
  counts.kept = collector.numbers().size();
  counts.outside_length = counts.measured - counts.kept;
  counts.not_sampled = counts.read - counts.empty - counts.invalid - counts.too_few_words -
                       counts.duplicates - counts.measured;
  AnalysisOptions options;
  if (manifest.early_stop) options.r_squared_confidence = manifest.early_stop->confidence;
  const StudyInput input = collector.input();
  Report report{.manifest = std::move(manifest),
                .analysis = analyse(collector.lengths(), collector.numbers(), options),
                .study = {},
                .lengths = collector.lengths(),
                .norms = collector.numbers()};
  if (report.manifest.counts.kept > 0) {
    const std::uint64_t seed = report.manifest.seed;
    StudyOptions study_options;
    study_options.relation.seed = seed;
    study_options.ridge.seed = seed;
    study_options.sentence_length.seed = seed;
    study_options.norm_direction.seed = seed;
    study_options.threads = report.manifest.threads;
    report.study = study(input, study_options);
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  report.manifest.timings.analyse = taken.count();
  write_report(folder, report);
  if (!quiet) {
    const std::string chart = funnel_chart(report.lengths, report.norms, terminal_characters());
    fmt::print("{}\n{}{}figure: {}\nreport: {}\n", summary(report.manifest, report.analysis), chart,
               chart.empty() ? "" : "\n", (folder / "figure.png").string(),
               (folder / "report.html").string());
  }
}

}  // namespace normscope::cli

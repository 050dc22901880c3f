#include "cli/finish.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "files/atomic_file.h"
#include "normscope/analysis.h"
#include "report/text_chart.h"

namespace normscope::cli {
namespace {

// What is kept of the measurements in memory: 16 bytes a sentence.
struct Kept {
  std::vector<double> lengths;
  std::vector<double> norms;
};

class Collector {
 public:
  explicit Collector(Manifest& manifest) : manifest_(manifest) {}

  void add(const MeasuredShard& shard) {
    manifest_.timings.tokenize += shard.measurements.tokenize_s;
    manifest_.timings.encode += shard.measurements.encode_s;
    manifest_.counts.encoded += shard.measurements.encoded;
    if (shard.precision_error) {
      if (!manifest_.precision_error) manifest_.precision_error.emplace();
      manifest_.precision_error->add(*shard.precision_error);
    }
  }

  void add(const std::vector<Measurement>& rows) {
    for (const Measurement& row : rows) {
      ++manifest_.counts.measured;
      manifest_.counts.truncated += row.truncated ? 1 : 0;
      if (row.tokens >= manifest_.length_below) continue;
      kept.lengths.push_back(row.tokens);
      kept.norms.push_back(row.norm);
    }
  }

  Kept kept;

 private:
  Manifest& manifest_;
};

}  // namespace

void finish(const std::filesystem::path& folder, Manifest manifest, std::uint64_t shards,
            const std::function<MeasuredShard(std::uint64_t)>& read, bool quiet) {
  Collector collector(manifest);
  write_atomically(folder / "measurements.parquet", [&](const std::filesystem::path& aside) {
    MeasurementWriter writer(aside);
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
  counts.kept = collector.kept.norms.size();
  counts.outside_length = counts.measured - counts.kept;
  counts.not_sampled = counts.read - counts.empty - counts.invalid - counts.too_few_words -
                       counts.duplicates - counts.measured;
  AnalysisOptions options;
  if (manifest.early_stop) options.r_squared_confidence = manifest.early_stop->confidence;
  Report report{.manifest = std::move(manifest),
                .analysis = analyse(collector.kept.lengths, collector.kept.norms, options),
                .lengths = collector.kept.lengths,
                .norms = collector.kept.norms};
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

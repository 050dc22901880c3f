#include "experiment/complete.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/sha256.h"
#include "base/stopwatch.h"
#include "experiment/describe.h"
#include "experiment/plan.h"
#include "experiment/save_vectors.h"
#include "experiment/study_builder.h"
#include "experiment/tell.h"
#include "normscope/error.h"
#include "report/own_readout_text.h"
#include "report/question.h"
#include "report/render.h"
#include "report/truncation_text.h"
#include "results/run_files.h"

namespace normscope {
namespace {

using ReadShard = std::function<MeasuredShard(std::uint64_t)>;

// The vectors in the order of their indices.
KeptVectors sorted(const KeptVectors& vectors) {
  const std::size_t rows = vectors.indices.size();
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t row) { return vectors.indices[row]; });
  KeptVectors result;
  for (const std::size_t row : order) result.indices.push_back(vectors.indices[row]);
  for (const std::vector<float>& point : vectors.points) {
    const std::size_t width = rows > 0 ? point.size() / rows : 0;
    std::vector<float>& values = result.points.emplace_back();
    values.reserve(point.size());
    for (const std::size_t row : order) {
      const auto begin = point.begin() + static_cast<std::ptrdiff_t>(row * width);
      values.insert(values.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
    }
  }
  return result;
}

// The vectors to be saved, in the order of measurements.parquet.
void write_saved_vectors(const std::filesystem::path& folder, const Manifest& manifest,
                         std::uint64_t shards, const ReadShard& read) {
  if (manifest.saved_vectors.empty()) return;
  std::vector<PointToWrite> points;
  for (const ReadoutPoint& point : manifest.saved_vectors) {
    const bool own = point.readout == Readout::model && manifest.model.own_readout;
    points.push_back(
        {.point = point,
         .width = own ? manifest.model.own_readout->width : manifest.model.config.hidden_size});
  }
  save_vectors(folder, points, [&](const VectorSink& put) {
    KeptVectors in_random_order;
    for (std::uint64_t number = 0; number < shards; ++number) {
      const MeasuredShard shard = read(number);
      const KeptVectors& saved = shard.measurements.vectors.at(kSavedVectors);
      if (manifest.early_stop) {
        in_random_order.append(saved);
      } else {
        put(saved);
      }
    }
    if (manifest.early_stop) put(sorted(in_random_order));
  });
}

// Every sentence, with its properties, in the order of the corpus.
void write_measurements(const std::filesystem::path& path, const Manifest& manifest,
                        StudyBuilder& builder, std::uint64_t shards, const ReadShard& read) {
  MeasuredColumns columns{.statistics = {kNorm}, .numbers = builder.number_columns()};
  const std::vector<std::string> names = statistic_names(manifest);
  columns.statistics.insert(columns.statistics.end(), names.begin(), names.end());
  for (const Property property : properties()) {
    if (property != Property::tokens) columns.properties.emplace_back(name(property));
  }
  write_atomically(path, [&](const std::filesystem::path& aside) {
    MeasurementWriter writer(aside, columns);
    const auto write = [&](std::vector<Measurement>& rows) {
      builder.add(rows);
      for (Measurement& row : rows) {
        row.statistics.insert(row.statistics.begin(), row.statistics.front());
      }
      writer.append(rows);
    };
    std::vector<Measurement> in_random_order;
    for (std::uint64_t number = 0; number < shards; ++number) {
      MeasuredShard shard = read(number);
      builder.add(shard);
      std::vector<Measurement>& rows = shard.measurements.rows;
      if (manifest.early_stop) {
        std::ranges::move(rows, std::back_inserter(in_random_order));
      } else {
        write(rows);
      }
    }
    std::ranges::sort(in_random_order, {}, &Measurement::index);
    write(in_random_order);
    writer.close();
  });
}

Results analyse_run(Manifest manifest, StudyBuilder& builder, const ExperimentListener& listener,
                    const std::stop_token& stop) {
  StudyOptions options;
  options.words = question_words(manifest);
  if (manifest.early_stop) options.r_squared_confidence = manifest.early_stop->confidence;
  if (manifest.precision_error) {
    options.precision = std::max(kSinglePrecision, manifest.precision_error->mean);
  }
  options.relation.seed = manifest.seed;
  options.ridge.seed = manifest.seed;
  options.sentence_length.seed = manifest.seed;
  options.norm_direction.seed = manifest.seed;
  options.threads = manifest.threads;
  std::string asked = question(manifest);
  Results results{.question = std::move(asked), .study = {}, .manifest = std::move(manifest)};
  results.study = study(
      builder.input(), options,
      [&](std::uint64_t done, std::uint64_t total) {
        tell(listener, {.stage = Stage::analysing, .done = done, .total = total});
      },
      stop);
  results.study.conclusion.text +=
      own_readout_text(results.manifest) + truncation_text(results.manifest);
  return results;
}

}  // namespace

Experiment complete_run(const RunToComplete& run, const ExperimentListener& listener,
                        const std::stop_token& stop) {
  Manifest manifest = run.manifest;
  const std::uint64_t shards = run.shards;
  const ReadShard read_or_stop = [&](std::uint64_t number) {
    if (stop.stop_requested()) throw Interrupted();
    return run.read(number);
  };
  StudyBuilder builder(manifest, run.truncated);
  std::uint64_t done = 0;
  const ReadShard read_and_tell = [&](std::uint64_t number) {
    MeasuredShard shard = read_or_stop(number);
    tell(listener, {.stage = Stage::writing, .done = ++done, .total = 2 * shards});
    return shard;
  };
  for (std::uint64_t number = 0; number < shards; ++number) {
    builder.look_at(read_and_tell(number).measurements.rows);
  }
  builder.end_of_looking();
  write_measurements(run.folder / kMeasurementsFile, manifest, builder, shards, read_and_tell);
  write_saved_vectors(run.folder, manifest, shards, read_or_stop);
  for (const std::string& name : manifest.files) {
    const bool hashed = name == kMeasurementsFile || name.starts_with("vectors.");
    if (hashed) manifest.sha256[name] = sha256_of_file(run.folder / name, stop);
  }

  Stopwatch watch;
  Counts& counts = manifest.counts;
  counts.kept = builder.numbers().size();
  counts.not_sampled = counts.read - counts.empty - counts.invalid - counts.too_few_words -
                       counts.duplicates - counts.measured;
  Experiment experiment{.folder = run.folder};
  experiment.results = analyse_run(std::move(manifest), builder, listener, stop);
  experiment.results->manifest.timings.analyse = watch.lap();
  if (stop.stop_requested()) throw Interrupted();
  write_results(run.folder, *experiment.results);
  experiment.not_drawn = render_locked(
      run.folder, Style::notebook, stop, [&](std::uint64_t step, std::uint64_t steps) {
        tell(listener, {.stage = Stage::reporting, .done = step, .total = steps});
      });
  run.written();
  experiment.property = builder.lengths();
  experiment.statistic = builder.numbers();
  return experiment;
}

}  // namespace normscope

#include "experiment/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "normscope/error.h"

namespace normscope {
namespace {

std::string text_of(std::size_t first, std::size_t last) {
  return first == last ? fmt::format("layer {}", first) : fmt::format("layers {}-{}", first, last);
}

// Each once, the last layer first, because the default question is about it.
std::vector<std::size_t> layers_of(const std::vector<LayerRange>& wanted, const Model& model) {
  const std::size_t highest = model.spec.layers;
  std::vector<std::size_t> layers;
  for (const LayerRange& range : wanted) {
    const std::size_t first = range.first.value_or(highest);
    const std::size_t last = range.last.value_or(highest);
    if (last < first || last > highest) {
      throw Error(model.folder, text_of(first, last),
                  fmt::format("{}; the model has the layers 0 (the embeddings) to {}",
                              last < first ? "the range runs backwards" : "there is no such layer",
                              highest));
    }
    for (std::size_t layer = first; layer <= last; ++layer) layers.push_back(layer);
  }
  std::ranges::sort(layers, std::greater());
  layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
  return layers;
}

template <typename Value>
std::vector<Value> each_once(const std::vector<Value>& values) {
  std::vector<Value> once;
  for (const Value& value : values) {
    if (std::ranges::find(once, value) == once.end()) once.push_back(value);
  }
  return once;
}

// Each once, in the order of the columns.
std::vector<ReadoutPoint> points_of(const std::vector<StatisticColumn>& columns) {
  std::vector<ReadoutPoint> points;
  for (const StatisticColumn& column : columns) points.push_back(column.point);
  return each_once(points);
}

// The pooler and the model's own readout take the last hidden state.
bool is_of_last_layer(Readout readout) {
  return readout == Readout::pooler || readout == Readout::model;
}

// The points of the readouts at the layers that they can read.
std::vector<ReadoutPoint> points_of(const std::vector<Readout>& readouts,
                                    const std::vector<std::size_t>& layers, const Model& model) {
  std::vector<ReadoutPoint> points;
  for (const Readout readout : each_once(readouts)) {
    for (const std::size_t layer : layers) {
      if (is_of_last_layer(readout) && layer != model.spec.layers) continue;
      points.push_back({.layer = layer, .readout = readout});
    }
  }
  if (points.empty() && !readouts.empty()) {
    throw Error(model.folder, std::string(name(readouts.front())), "only the last layer has it");
  }
  return points;
}

}  // namespace

Plan make_plan(const ExperimentOptions& options, const Model& model) {
  if (options.layers.empty() || options.readouts.empty() || options.statistics.empty() ||
      options.properties.empty()) {
    throw std::invalid_argument(
        "an experiment needs a layer, a readout, a statistic and a property");
  }
  const std::vector<std::size_t> layers = layers_of(options.layers, model);
  Plan plan{.columns = {},
            .points = {},
            .properties = each_once(options.properties),
            .number_columns = options.corpus.options.number_columns,
            .probes = options.probes || options.controls,
            .controls = options.controls,
            .saved = points_of(options.saved_vectors, layers, model)};
  for (const Statistic statistic : each_once(options.statistics)) {
    for (const ReadoutPoint& point : points_of(options.readouts, layers, model)) {
      plan.columns.push_back({.point = point, .statistic = statistic});
    }
  }
  plan.points = points_of(plan.columns);
  plan.points.insert(plan.points.end(), plan.saved.begin(), plan.saved.end());
  plan.points = each_once(plan.points);
  return plan;
}

std::vector<ReadoutPoint> probed(const std::vector<StatisticColumn>& columns) {
  std::vector<ReadoutPoint> chosen;
  for (const ReadoutPoint& point : points_of(columns)) {
    if (point.readout == columns.front().point.readout) chosen.push_back(point);
  }
  return chosen;
}

}  // namespace normscope

#include "cli/plan.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "cli/choices.h"
#include "normscope/error.h"

namespace normscope::cli {
namespace {

// A layer's number, where the text is nothing else.
std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct LayerRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

// Those that one item of the list stands for; throws std::invalid_argument.
LayerRange layer_range(const std::string& item, std::size_t last) {
  if (item == "last") return {.first = last, .last = last};
  if (item == "all") return {.first = 0, .last = last};
  const std::size_t dash = item.find('-');
  const auto from = number(std::string_view(item).substr(0, dash));
  const auto to =
      dash == std::string::npos ? from : number(std::string_view(item).substr(dash + 1));
  if (!from || !to) {
    throw std::invalid_argument(
        fmt::format("'{}' is not last, all, a layer, or a range such as 1-3", item));
  }
  if (*to < *from) throw std::invalid_argument(fmt::format("the range {} runs backwards", item));
  if (*to > last) throw std::invalid_argument(fmt::format("there is no layer {}", *to));
  return {.first = *from, .last = *to};
}

// Each once, the last first, for it is what is asked about when nothing is said.
std::vector<std::size_t> layers_of(const std::string& wanted, const Model& model) {
  const std::size_t last = model.spec.layers;
  std::vector<std::size_t> layers;
  for (const std::string& item : split_names(wanted)) {
    try {
      const LayerRange range = layer_range(item, last);
      for (std::size_t layer = range.first; layer <= range.last; ++layer) layers.push_back(layer);
    } catch (const std::invalid_argument& error) {
      throw Error(
          model.folder, "--layers " + wanted,
          fmt::format("{}; the model has the layers 0 (the embeddings) to {}", error.what(), last));
    }
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

// One that --property names, or all.
void add_property(const std::string& wanted, PlanChoice& choice) {
  if (wanted.starts_with(kCorpusColumn) && wanted.size() > kCorpusColumn.size()) {
    choice.number_columns.push_back(wanted.substr(kCorpusColumn.size()));
    return;
  }
  try {
    const std::vector<Property> some =
        wanted == "all" ? properties() : std::vector<Property>{property_named(wanted)};
    choice.properties.insert(choice.properties.end(), some.begin(), some.end());
  } catch (const std::invalid_argument&) {
    std::string all;
    for (const Property property : properties()) all += fmt::format("{}, ", name(property));
    throw CLI::ValidationError("--property",
                               fmt::format("{} is not one of {}all, column:NAME",
                                           wanted.empty() ? "an empty name" : wanted, all));
  }
}

}  // namespace

void add_plan_options(CLI::App& command, PlanChoice& choice) {
  const std::vector<Choice<Readout>> readouts =
      by_name({Readout::cls, Readout::mean, Readout::max, Readout::pooler});
  command
      .add_option("--layers", choice.layers,
                  "Layers to read: last, all, or layers and ranges as in 0,3-6, where 0 is the "
                  "embeddings. Default: last")
      ->option_text("LAYERS");
  add_choices(
      command, "--readout", choice.readouts, readouts,
      "How a vector is read from a layer: cls, mean, max or pooler, or several of them with "
      "commas between. Default: cls");
  add_choices(command, "--statistic", choice.statistics,
              by_name({Statistic::l2, Statistic::l1, Statistic::linf, Statistic::centered_l2}),
              "How a number is computed from a vector: l2, l1, linf or centered_l2 (the norm about "
              "the corpus's mean vector), or several of them. Default: l2");
  command
      .add_option_function<std::vector<std::string>>(
          "--property",
          [&choice](const std::vector<std::string>& lists) {
            // The first question is always about the token length.
            choice.properties = {Property::tokens};
            choice.number_columns = {};
            for (const std::string& list : lists) {
              for (const std::string& wanted : split_names(list)) add_property(wanted, choice);
            }
            choice.properties = each_once(choice.properties);
            choice.number_columns = each_once(choice.number_columns);
          },
          "Properties of the sentence to relate the numbers to, besides the token length: words, "
          "characters, tokens_per_word, mean_word_rank, rarest_word_rank, punctuation_share, "
          "capital_share, position, all (of these), or column:NAME for a column of numbers in the "
          "corpus")
      ->allow_extra_args(false)
      ->option_text("NAME,...");
  add_choices(command, "--save-vectors", choice.saved, readouts,
              "Also write the vectors themselves, for NumPy and Arrow: those of cls, mean, max or "
              "pooler, or several of them, at the layers that --layers names");
  command.add_flag("--probes", choice.probes,
                   "Also test on about 8,000 sentences what the vectors tell about the length, and "
                   "which dimensions make up the norm");
  command.add_flag("--controls", choice.controls,
                   "Measure about 4,000 sentences again with their words shuffled and with random "
                   "weights: what remains then is not due to the trained model. Implies --probes");
}

Plan make_plan(const PlanChoice& choice, const Model& model) {
  const std::vector<std::size_t> layers = layers_of(choice.layers, model);
  Plan plan{.columns = {},
            .points = {},
            .properties = choice.properties,
            .number_columns = choice.number_columns,
            .probes = choice.probes || choice.controls,
            .controls = choice.controls,
            .saved = {}};
  for (const Statistic statistic : each_once(choice.statistics)) {
    for (const Readout readout : each_once(choice.readouts)) {
      for (const std::size_t layer : layers) {
        if (readout == Readout::pooler && layer != model.spec.layers) continue;
        plan.columns.push_back(
            {.point = {.layer = layer, .readout = readout}, .statistic = statistic});
      }
    }
  }
  if (plan.columns.empty()) {
    throw Error(model.folder, "--readout pooler", "only the last layer has it");
  }
  for (const Readout readout : each_once(choice.saved)) {
    for (const std::size_t layer : layers) {
      if (readout == Readout::pooler && layer != model.spec.layers) continue;
      plan.saved.push_back({.layer = layer, .readout = readout});
    }
  }
  if (plan.saved.empty() && !choice.saved.empty()) {
    throw Error(model.folder, "--save-vectors pooler", "only the last layer has it");
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

}  // namespace normscope::cli

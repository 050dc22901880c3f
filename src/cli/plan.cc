#include "cli/plan.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <string_view>

#include "normscope/error.h"

namespace normscope::cli {
namespace {

template <typename Value>
std::map<std::string, Value> by_name(const std::vector<Value>& values) {
  std::map<std::string, Value> names;
  for (const Value value : values) names.emplace(name(value), value);
  return names;
}

[[noreturn]] void refuse_layers(const Model& model, const std::string& wanted) {
  throw Error(
      model.folder, "--layers " + wanted,
      fmt::format("is not last, all or some of 0 to {} (0: the embeddings)", model.spec.layers));
}

// Each once, the last first, for it is what is asked about when nothing is said.
std::vector<std::size_t> layers_of(const std::string& wanted, const Model& model) {
  const std::size_t last = model.spec.layers;
  if (wanted == "last") return {last};
  std::vector<std::size_t> layers;
  if (wanted == "all") {
    for (std::size_t layer = last + 1; layer-- > 0;) layers.push_back(layer);
    return layers;
  }
  for (const char *at = wanted.data(), *const end = at + wanted.size();; ++at) {
    std::size_t layer = 0;
    const auto number = std::from_chars(at, end, layer);
    if (number.ec != std::errc() || layer > last) refuse_layers(model, wanted);
    layers.push_back(layer);
    at = number.ptr;
    if (at == end) break;
    if (*at != ',') refuse_layers(model, wanted);
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
                               fmt::format("{} is none of {}all, column:NAME", wanted, all));
  }
}

}  // namespace

void add_plan_options(CLI::App& command, PlanChoice& choice) {
  command
      .add_option("--layers", choice.layers,
                  "Layers to read: last, all, or numbers as in 0,6,12 (0: the embeddings)")
      ->option_text("LAYERS [last]");
  command
      .add_option("--readout", choice.readouts,
                  "How a vector is taken from a layer: cls, mean, max, pooler, or several with "
                  "commas between them [cls]")
      ->delimiter(',')
      ->transform(CLI::CheckedTransformer(
          by_name<Readout>({Readout::cls, Readout::mean, Readout::max, Readout::pooler})))
      ->option_text("NAME,...");
  command
      .add_option("--statistic", choice.statistics,
                  "How a number is taken from a vector: l2, l1, linf, centered_l2 (the norm about "
                  "the corpus' mean vector), or several [l2]")
      ->delimiter(',')
      ->transform(CLI::CheckedTransformer(by_name<Statistic>(
          {Statistic::l2, Statistic::l1, Statistic::linf, Statistic::centered_l2})))
      ->option_text("NAME,...");
  command
      .add_option_function<std::vector<std::string>>(
          "--property",
          [&choice](const std::vector<std::string>& names) {
            // The first question is always about the token length.
            choice.properties = {Property::tokens};
            choice.number_columns = {};
            for (const std::string& wanted : names) add_property(wanted, choice);
            choice.properties = each_once(choice.properties);
            choice.number_columns = each_once(choice.number_columns);
          },
          "Properties of the text to relate the numbers to, beside the token length: words, "
          "characters, tokens_per_word, mean_word_rank, rarest_word_rank, punctuation_share, "
          "capital_share, position, all (of these), or column:NAME for a column of numbers that "
          "the "
          "corpus has")
      ->delimiter(',')
      ->option_text("NAME,...");
  command
      .add_option("--save-vectors", choice.saved,
                  "Write the vectors themselves, for NumPy and Arrow: those of cls, mean, max, "
                  "pooler, or several, at the layers asked for")
      ->delimiter(',')
      ->transform(CLI::CheckedTransformer(
          by_name<Readout>({Readout::cls, Readout::mean, Readout::max, Readout::pooler})))
      ->option_text("NAME,...");
  command.add_flag("--probes", choice.probes,
                   "Also ask what the vectors know of the length, and which dimensions make the "
                   "norm, on up to some 8000 sentences");
  command.add_flag("--controls", choice.controls,
                   "Measure some 4000 sentences again with their words shuffled and with random "
                   "weights: what is left is not the model's doing (implies --probes)");
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
    throw Error(model.folder, "--readout pooler", "reads the last layer alone");
  }
  for (const Readout readout : each_once(choice.saved)) {
    for (const std::size_t layer : layers) {
      if (readout == Readout::pooler && layer != model.spec.layers) continue;
      plan.saved.push_back({.layer = layer, .readout = readout});
    }
  }
  if (plan.saved.empty() && !choice.saved.empty()) {
    throw Error(model.folder, "--save-vectors pooler", "reads the last layer alone");
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

#include "cli/measure_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/choices.h"

namespace normscope::cli {
namespace {

// A layer's number, where the text is nothing else.
std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What one item of the list of layers stands for.
LayerRange layer_range(const std::string& item) {
  if (item == "last") return kLastLayer;
  if (item == "all") return kAllLayers;
  const std::size_t dash = item.find('-');
  const auto first = number(std::string_view(item).substr(0, dash));
  const auto last =
      dash == std::string::npos ? first : number(std::string_view(item).substr(dash + 1));
  if (first && last) return {.first = first, .last = last};
  throw CLI::ValidationError("--layers",
                             fmt::format("{} is not last, all, a layer, or a range such as 1-3",
                                         item.empty() ? "an empty name" : item));
}

// One that --property names, or all.
void add_property(const std::string& wanted, ExperimentOptions& options) {
  if (wanted.starts_with(kCorpusColumn) && wanted.size() > kCorpusColumn.size()) {
    options.number_columns.push_back(wanted.substr(kCorpusColumn.size()));
    return;
  }
  try {
    const std::vector<Property> some =
        wanted == "all" ? properties() : std::vector<Property>{property_named(wanted)};
    options.properties.insert(options.properties.end(), some.begin(), some.end());
  } catch (const std::invalid_argument&) {
    std::string all;
    for (const Property property : properties()) all += fmt::format("{}, ", name(property));
    throw CLI::ValidationError("--property",
                               fmt::format("{} is not one of {}all, column:NAME",
                                           wanted.empty() ? "an empty name" : wanted, all));
  }
}

}  // namespace

void add_measure_options(CLI::App& command, ExperimentOptions& options) {
  const std::vector<Choice<Readout>> readouts =
      by_name({Readout::cls, Readout::mean, Readout::max, Readout::pooler});
  command
      .add_option_function<std::string>(
          "--layers",
          [&options](const std::string& list) {
            options.layers.clear();
            for (const std::string& item : split_names(list)) {
              options.layers.push_back(layer_range(item));
            }
          },
          "Layers to read: last, all, or layers and ranges as in 0,3-6, where 0 is the "
          "embeddings. Default: last")
      ->option_text("LAYERS");
  add_choices(
      command, "--readout", options.readouts, readouts,
      "How a vector is read from a layer: cls, mean, max or pooler, or several of them with "
      "commas between. Default: cls");
  add_choices(command, "--statistic", options.statistics,
              by_name({Statistic::l2, Statistic::l1, Statistic::linf, Statistic::centered_l2}),
              "How a number is computed from a vector: l2, l1, linf or centered_l2 (the norm about "
              "the corpus's mean vector), or several of them. Default: l2");
  command
      .add_option_function<std::vector<std::string>>(
          "--property",
          [&options](const std::vector<std::string>& lists) {
            // The first question is always about the token length.
            options.properties = {Property::tokens};
            options.number_columns = {};
            for (const std::string& list : lists) {
              for (const std::string& wanted : split_names(list)) add_property(wanted, options);
            }
          },
          "Properties of the sentence to relate the numbers to, besides the token length: words, "
          "characters, tokens_per_word, mean_word_rank, rarest_word_rank, punctuation_share, "
          "capital_share, position, all (of these), or column:NAME for a column of numbers in the "
          "corpus")
      ->allow_extra_args(false)
      ->option_text("NAME,...");
  add_choices(command, "--save-vectors", options.saved_vectors, readouts,
              "Also write the vectors themselves, for NumPy and Arrow: those of cls, mean, max or "
              "pooler, or several of them, at the layers that --layers names");
  command.add_flag("--probes", options.probes,
                   "Also test on about 8,000 sentences what the vectors tell about the length, and "
                   "which dimensions make up the norm");
  command.add_flag("--controls", options.controls,
                   "Measure about 4,000 sentences again with their words shuffled and with random "
                   "weights: what remains then is not due to the trained model. Implies --probes");
}

}  // namespace normscope::cli

#include "cli/measure_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/choices.h"

namespace normscope::cli {
namespace {

// The layers that one item of the list names.
LayerRange layer_range(const std::string& item) {
  try {
    return parse_layer_range(item);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("--layers",
                               (item.empty() ? "an empty name" : item) + " " + error.what());
  }
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
      by_name({Readout::cls, Readout::mean, Readout::max, Readout::pooler, Readout::model});
  command
      .add_option_function<std::string>(
          "--layers",
          [&options](const std::string& list) {
            options.layers.clear();
            for (const std::string& item : split_names(list)) {
              options.layers.push_back(layer_range(item));
            }
          },
          "Layers to read: last, all, or layers and ranges such as 0,3-6, where 0 is the "
          "embeddings. Default: last")
      ->option_text("LAYERS");
  add_choices(command, "--readout", options.readouts, readouts,
              "How a vector is read from a layer: cls, mean, max, pooler, or model (what encode() "
              "of sentence-transformers returns, before it is normalised); or several, separated "
              "by commas. Default: cls");
  command
      .add_option_function<std::string>(
          "--prompt", [&options](const std::string& prompt) { options.prompt = prompt; },
          "Put this before each sentence: a text, or the name of a prompt in the model's "
          "config_sentence_transformers.json. It does not count towards the sentence's length. "
          "Default: none; with --readout model, the model's default")
      ->option_text("TEXT|NAME");
  add_choices(command, "--statistic", options.statistics,
              by_name({Statistic::l2, Statistic::l1, Statistic::linf, Statistic::centered_l2}),
              "How a number is computed from a vector: l2, l1, linf or centered_l2 (the norm about "
              "the corpus's mean vector), or several. Default: l2");
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
              "Also write the vectors themselves, for NumPy and Arrow: those of cls, mean, max, "
              "pooler or model, or several, at the layers of --layers");
  command.add_flag("--probes", options.probes,
                   "Also test, on about 8,000 sentences, what the vectors tell about the length "
                   "and which dimensions make up the norm");
  command.add_flag("--controls", options.controls,
                   "Measure about 4,000 sentences again with their words shuffled and with random "
                   "weights: what remains is not due to the trained model. Implies --probes");
}

}  // namespace normscope::cli

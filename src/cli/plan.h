#pragma once

#include <string>
#include <vector>

#include "normscope/encoder.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/properties.h"

namespace CLI {
class App;
}

namespace normscope::cli {

/// What is asked of each sentence, as the command line says.
struct PlanChoice {
  /// "last", "all", or layers and ranges of them, with commas between.
  std::string layers = "last";
  std::vector<Readout> readouts{Readout::cls};
  std::vector<Statistic> statistics{Statistic::l2};
  std::vector<Property> properties{Property::tokens};
  /// Columns of the corpus that are properties too.
  std::vector<std::string> number_columns = {};
  bool probes = false;
  bool controls = false;
  /// Of the layers.
  std::vector<Readout> saved = {};
};

void add_plan_options(CLI::App& command, PlanChoice& choice);

/// The same for a certain model.
struct Plan {
  /// The first is what the first question is about: the last layer's, in the first readout and
  /// statistic.
  std::vector<StatisticColumn> columns;
  /// Those of the columns and the saved ones, each once.
  std::vector<ReadoutPoint> points;
  std::vector<Property> properties;
  std::vector<std::string> number_columns;
  bool probes = false;
  bool controls = false;
  /// Points whose vectors are saved.
  std::vector<ReadoutPoint> saved;
};

/// The places among MeasureOptions::vectors of what is kept for the probes and what is saved.
inline constexpr std::size_t kProbedVectors = 0;
inline constexpr std::size_t kSavedVectors = 1;

/// Throws Error where the model has no such layer.
Plan make_plan(const PlanChoice& choice, const Model& model);

/// The points that probes look at: those of the columns with the first's readout.
std::vector<ReadoutPoint> probed(const std::vector<StatisticColumn>& columns);

}  // namespace normscope::cli

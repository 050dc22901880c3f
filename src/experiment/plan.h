#pragma once

#include <string>
#include <vector>

#include "normscope/encoder.h"
#include "normscope/experiment.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/properties.h"

namespace normscope {

/// What an experiment's options mean for a certain model.
struct Plan {
  /// The first is the primary statistic.
  std::vector<StatisticColumn> columns;
  /// The points of the columns and those that are saved, each once.
  std::vector<ReadoutPoint> points;
  std::vector<Property> properties;
  std::vector<std::string> number_columns;
  bool probes = false;
  bool controls = false;
  /// Points whose vectors are saved.
  std::vector<ReadoutPoint> saved;
};

/// Takes options whose corpus options name the columns of numbers to read. Throws Error if the
/// model has no such layer, and std::invalid_argument if nothing is asked for.
Plan make_plan(const ExperimentOptions& options, const Model& model);

/// The points that probes look at: those of the columns with the first's readout.
std::vector<ReadoutPoint> probed(const std::vector<StatisticColumn>& columns);

/// The places among MeasureOptions::vectors of the vectors kept for the probes and of those saved.
inline constexpr std::size_t kProbedVectors = 0;
inline constexpr std::size_t kSavedVectors = 1;

}  // namespace normscope

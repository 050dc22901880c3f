#pragma once

#include <string>
#include <vector>

#include "experiment/session.h"
#include "normscope/checkpoint.h"
#include "normscope/experiment.h"
#include "normscope/results.h"

namespace normscope {

/// What is known of a run before its corpus is read.
Manifest describe(const ExperimentOptions& options, const Session& session);

/// The names of the statistics, as the shards and the table call their columns.
std::vector<std::string> statistic_names(const Manifest& manifest);

/// What decides the numbers of the run's shards, once its model and its corpus are hashed.
Identity identity_of(const Manifest& manifest, const CorpusOptions& corpus);

}  // namespace normscope

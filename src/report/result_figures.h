#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/stored_run.h"

namespace normscope {

/// figure.*: the primary statistic against the length.
void write_scatter(const std::filesystem::path& folder, const StoredRun& run, Style style);

/// figure-funnel.*, figure-layers.*, figure-probe.*, each where the run has what it shows; the
/// names of those that are written ("figure-funnel").
std::vector<std::string> write_result_figures(const std::filesystem::path& folder,
                                              const StoredRun& run, Style style);

}  // namespace normscope

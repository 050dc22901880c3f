#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/report.h"

namespace normscope {

/// render_report() in a folder that the caller has locked.
std::vector<std::string> render_locked(const std::filesystem::path& folder, Style style,
                                       const std::stop_token& stop, const RenderProgress& progress);

}  // namespace normscope

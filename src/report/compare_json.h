#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/run_comparison.h"

namespace normscope {

/// compare.json, as docs/compare.schema.json says. Bytes of a string that are not UTF-8 become
/// U+FFFD.
std::string compare_json(const RunComparison& comparison);

}  // namespace normscope

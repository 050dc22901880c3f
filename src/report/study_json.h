#pragma once

#include <nlohmann/json.hpp>

#include "normscope/study.h"

namespace normscope {

/// The members "grid", "probes" and "dimensions" of results.json.
nlohmann::ordered_json grid_json(const Study& study);
nlohmann::ordered_json probes_json(const Study& study);
nlohmann::ordered_json dimensions_json(const Study& study);

}  // namespace normscope

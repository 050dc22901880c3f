#pragma once

#include <nlohmann/json.hpp>

#include "normscope/report.h"

namespace normscope {

/// The manifest as it stands in results.json.
nlohmann::ordered_json to_json(const Manifest& manifest);

/// Back from there. Throws nlohmann::json::exception where it is not what to_json() gives, and
/// Error for an activation that does not exist.
Manifest manifest_from(const nlohmann::ordered_json& json);

}  // namespace normscope

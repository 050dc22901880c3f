#include <nlohmann/json.hpp>

#include "normscope/text.h"

namespace normscope {

std::string to_json_string(std::string_view text) { return nlohmann::json(text).dump(); }

std::optional<std::string> from_json_string(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_string()) return std::nullopt;
  return parsed.get<std::string>();
}

}  // namespace normscope

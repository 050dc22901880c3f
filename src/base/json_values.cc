#include "base/json_values.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;

JsonKind kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::boolean:
      return JsonKind::boolean;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return JsonKind::number;
    case Json::value_t::string:
      return JsonKind::string;
    case Json::value_t::array:
      return JsonKind::array;
    case Json::value_t::object:
      return JsonKind::object;
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return JsonKind::null;
}

void add_values(const Json& object, const std::vector<std::string>& above, std::size_t deepest,
                std::vector<JsonValue>& values) {
  for (const auto& [key, value] : object.items()) {
    std::vector<std::string> path = above;
    path.push_back(key);
    if (value.is_object() && path.size() < deepest) {
      add_values(value, path, deepest, values);
    } else {
      values.push_back({.path = std::move(path), .kind = kind_of(value)});
    }
  }
}

}  // namespace

bool is_json(std::string_view text) { return Json::accept(text); }

std::optional<std::vector<JsonValue>> json_values(std::string_view text, std::size_t deepest) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  std::vector<JsonValue> values;
  add_values(json, {}, deepest, values);
  return values;
}

}  // namespace normscope

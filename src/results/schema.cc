#include "results/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/asset.h"

NORMSCOPE_ASSET(results_schema, NORMSCOPE_RESULTS_SCHEMA)

namespace normscope {
namespace {

using Json = nlohmann::json;
using Problem = std::optional<SchemaProblem>;

bool has_type(const Json& json, std::string_view type) {
  if (type == "null") return json.is_null();
  if (type == "boolean") return json.is_boolean();
  if (type == "integer") return json.is_number_integer();
  if (type == "number") return json.is_number();
  if (type == "string") return json.is_string();
  if (type == "array") return json.is_array();
  return json.is_object();
}

class Checker {
 public:
  explicit Checker(const Json& root) : root_(root) {}

  [[nodiscard]] Problem check(const Json& json, const Json& schema,
                              const Json::json_pointer& place) const {
    if (const auto ref = schema.find("$ref"); ref != schema.end()) {
      return check(json, root_.at(Json::json_pointer(ref->get<std::string>().substr(1))), place);
    }
    if (const auto any = schema.find("anyOf"); any != schema.end()) {
      Problem problem;
      for (const Json& option : *any) {
        problem = check(json, option, place);
        if (!problem) return std::nullopt;
      }
      return problem;
    }
    if (const auto type = schema.find("type"); type != schema.end()) {
      const auto wanted = type->get<std::string>();
      if (!has_type(json, wanted)) {
        return SchemaProblem{place.to_string(),
                             fmt::format("is {} where {} is wanted", json.type_name(), wanted)};
      }
    }
    if (Problem problem = check_value(json, schema, place)) return problem;
    if (json.is_object()) return check_object(json, schema, place);
    if (json.is_array()) return check_array(json, schema, place);
    return std::nullopt;
  }

 private:
  static Problem check_value(const Json& json, const Json& schema,
                             const Json::json_pointer& place) {
    const auto problem = [&](const std::string& reason) {
      return SchemaProblem{place.to_string(), reason};
    };
    if (const auto found = schema.find("const"); found != schema.end() && json != *found) {
      return problem(fmt::format("is not {}", found->dump()));
    }
    if (const auto found = schema.find("enum"); found != schema.end()) {
      if (std::ranges::find(*found, json) == found->end()) {
        return problem(fmt::format("is none of {}", found->dump()));
      }
    }
    if (!json.is_number()) return std::nullopt;
    if (const auto found = schema.find("minimum"); found != schema.end() && json < *found) {
      return problem(fmt::format("is below {}", found->dump()));
    }
    if (const auto found = schema.find("maximum"); found != schema.end() && json > *found) {
      return problem(fmt::format("is above {}", found->dump()));
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem check_object(const Json& json, const Json& schema,
                                     const Json::json_pointer& place) const {
    if (const auto required = schema.find("required"); required != schema.end()) {
      for (const Json& name : *required) {
        if (!json.contains(name.get_ref<const std::string&>())) {
          return SchemaProblem{place.to_string(), fmt::format("has no {}", name.dump())};
        }
      }
    }
    const auto properties = schema.find("properties");
    const auto others = schema.find("additionalProperties");
    for (const auto& [name, member] : json.items()) {
      const bool known = properties != schema.end() && properties->contains(name);
      if (!known && others == schema.end()) continue;
      const Json& wanted = known ? properties->at(name) : *others;
      if (Problem problem = check(member, wanted, place / name)) return problem;
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem check_array(const Json& json, const Json& schema,
                                    const Json::json_pointer& place) const {
    if (json.size() < schema.value("minItems", std::size_t{0}) ||
        json.size() > schema.value("maxItems", json.size())) {
      return SchemaProblem{place.to_string(), fmt::format("has {} elements", json.size())};
    }
    const auto items = schema.find("items");
    if (items == schema.end()) return std::nullopt;
    for (std::size_t i = 0; i < json.size(); ++i) {
      if (Problem problem = check(json[i], *items, place / i)) return problem;
    }
    return std::nullopt;
  }

  const Json& root_;
};

}  // namespace

std::optional<SchemaProblem> violates(const Json& json, const Json& schema) {
  return Checker(schema).check(json, schema, Json::json_pointer());
}

const Json& results_schema() {
  static const Json schema = Json::parse(assets::results_schema());
  return schema;
}

const Json& manifest_schema() {
  static const Json schema{{"$defs", results_schema().at("$defs")},
                           {"required", {"manifest"}},
                           {"properties", {{"manifest", {{"$ref", "#/$defs/manifest"}}}}}};
  return schema;
}

const Json& part_schema() {
  static const Json schema = [] {
    Json part = manifest_schema();
    for (const char* name : {"part", "parts", "shards"}) {
      part["required"].push_back(name);
      part["properties"][name] = {{"type", "integer"}, {"minimum", 0}};
    }
    return part;
  }();
  return schema;
}

}  // namespace normscope

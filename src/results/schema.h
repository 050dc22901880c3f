#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace normscope {

struct SchemaProblem {
  /// A JSON pointer (RFC 6901), e.g. "/manifest/seed".
  std::string place;
  std::string reason;
};

/// The first place where `json` does not match `schema`. Understands the part of JSON Schema
/// 2020-12 that results.schema.json uses: $ref into $defs, anyOf, type, const, enum, required,
/// properties, additionalProperties, items, minItems, maxItems, minimum, maximum. Stricter in one
/// point: an integer must have no fraction or exponent.
std::optional<SchemaProblem> violates(const nlohmann::json& json, const nlohmann::json& schema);

/// results.schema.json; its part for the manifest; and the schema for the file of a part.
const nlohmann::json& results_schema();
const nlohmann::json& manifest_schema();
const nlohmann::json& part_schema();

}  // namespace normscope

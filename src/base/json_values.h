#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace normscope {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

/// A value in a JSON object, or in an object within it.
struct JsonValue {
  /// The keys that lead to it.
  std::vector<std::string> path;
  JsonKind kind = JsonKind::null;
};

/// Whether `text` is JSON, of whatever kind.
[[nodiscard]] bool is_json(std::string_view text);

/// The values of a JSON object, in its order; if a value is an object, its values instead, down to
/// `deepest` keys. Absent if `text` is not a JSON object.
[[nodiscard]] std::optional<std::vector<JsonValue>> json_values(std::string_view text,
                                                                std::size_t deepest);

}  // namespace normscope

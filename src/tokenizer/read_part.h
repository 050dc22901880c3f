#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Reads the alternative of a std::variant whose kType the JSON object names. `kind` says what the
/// alternatives are, e.g. "normalizer". Throws Error that names the type if it is none of them.
template <typename... Parts>
std::variant<Parts...> read_part(const JsonNode& node, std::string_view kind,
                                 std::type_identity<std::variant<Parts...>> /*of*/) {
  const std::string& type = node.at("type").string();
  std::optional<std::variant<Parts...>> part;
  const auto read = [&]<typename Part>(std::type_identity<Part> /*as*/) {
    if (type == Part::kType) part = Part::read(node);
  };
  (read(std::type_identity<Parts>{}), ...);
  if (part) return *std::move(part);
  constexpr std::array<std::string_view, sizeof...(Parts)> kSupported{Parts::kType...};
  node.fail(
      fmt::format("the {} {} is not supported, only {}", kind, type, fmt::join(kSupported, ", ")));
}

}  // namespace normscope::tokenizer

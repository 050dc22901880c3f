#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "normscope/tokenizer.h"

namespace normscope::tokenizer {

/// More tokens than any vocabulary has; limits how much memory a hostile id can make us allocate.
inline constexpr std::int64_t kMostTokens = std::int64_t{1} << 22U;

/// A value in a JSON file and the path to it, which its errors name. Neither the file's name nor
/// the value is copied.
class JsonNode {
 public:
  JsonNode(const std::filesystem::path& file, const nlohmann::json& value, std::string place = "")
      : file_(&file), value_(&value), place_(std::move(place)) {}

  /// Throws Error.
  [[noreturn]] void fail(const std::string& reason) const;

  [[nodiscard]] const nlohmann::json& json() const { return *value_; }
  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_object() const;

  /// A key's value; null if the key is missing.
  [[nodiscard]] JsonNode at(const std::string& key) const;
  /// The value of a key found by iterating over json().
  [[nodiscard]] JsonNode child(const std::string& key, const nlohmann::json& value) const;
  [[nodiscard]] std::vector<JsonNode> items() const;

  [[nodiscard]] const std::string& string() const;
  [[nodiscard]] std::string string_or(const std::string& otherwise) const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] bool boolean_or(bool otherwise) const;
  [[nodiscard]] std::int64_t integer() const;
  /// From 0 to kMostTokens - 1.
  [[nodiscard]] TokenId token_id() const;

 private:
  const std::filesystem::path* file_;
  const nlohmann::json* value_;
  std::string place_;
};

}  // namespace normscope::tokenizer

#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "normscope/model.h"

namespace normscope {

/// Checked values of a config.json. A key whose value is null, which Python writes for "not given",
/// counts as missing. What is of another kind or out of range throws Error with the key.
class ConfigReader {
 public:
  explicit ConfigReader(const std::filesystem::path& path);

  /// Positive sizes: a number of layers, a width of a vector, a number of rows of a table. Without
  /// a fallback they must be there.
  [[nodiscard]] std::size_t layers(const std::string& key) const;
  [[nodiscard]] std::size_t width(const std::string& key) const;
  [[nodiscard]] std::size_t rows(const std::string& key,
                                 std::optional<std::size_t> fallback = std::nullopt) const;

  [[nodiscard]] float epsilon(const std::string& key, float fallback) const;
  [[nodiscard]] Activation activation(const std::string& key, const std::string& fallback) const;
  [[nodiscard]] bool flag(const std::string& key) const;
  [[nodiscard]] std::optional<std::string> text(const std::string& key) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& key) const;

  [[noreturn]] void fail(const std::string& key, const std::string& reason) const;

 private:
  [[nodiscard]] std::size_t size(const std::string& key, std::size_t maximum,
                                 std::optional<std::size_t> fallback) const;
  [[nodiscard]] const nlohmann::json* find(const std::string& key) const;

  std::filesystem::path path_;
  nlohmann::json json_;
};

}  // namespace normscope

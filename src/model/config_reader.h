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
/// counts as missing. A value of another kind or out of range throws Error with the key.
class ConfigReader {
 public:
  explicit ConfigReader(const std::filesystem::path& path);
  /// The same of an object that was read from there; `place` comes before the keys in errors.
  ConfigReader(std::filesystem::path path, std::string place, nlohmann::json json);

  /// Positive sizes: a number of layers, a width of a vector, a number of rows of a table. Without
  /// a fallback they must be there.
  [[nodiscard]] std::size_t layers(const std::string& key) const;
  [[nodiscard]] std::size_t width(const std::string& key) const;
  [[nodiscard]] std::size_t rows(const std::string& key,
                                 std::optional<std::size_t> fallback = std::nullopt) const;

  /// A number of rows, or none; 0 and below, as in DeBERTa's configs, mean none.
  [[nodiscard]] std::optional<std::size_t> rows_if_any(const std::string& key) const;

  /// Whole numbers from 0 on.
  [[nodiscard]] std::size_t index(const std::string& key, std::size_t fallback) const;
  [[nodiscard]] float epsilon(const std::string& key, float fallback) const;
  [[nodiscard]] Activation activation(const std::string& key, const std::string& fallback) const;
  /// A number above zero.
  [[nodiscard]] double positive(const std::string& key, double fallback) const;
  /// true or false, or 1 or 0.
  [[nodiscard]] bool flag(const std::string& key, bool fallback = false) const;
  [[nodiscard]] std::optional<std::string> text(const std::string& key) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& key) const;
  /// The same if a single text may stand for a list of one.
  [[nodiscard]] std::vector<std::string> text_or_texts(const std::string& key) const;
  /// A list of strings, which may also be a single string with '|' between them.
  [[nodiscard]] std::vector<std::string> texts_or_joined(const std::string& key) const;

  /// The values inside an object; their keys are called "key.inner key" in errors.
  [[nodiscard]] std::optional<ConfigReader> object(const std::string& key) const;
  [[nodiscard]] bool has(const std::string& key) const { return find(key) != nullptr; }
  /// Whether the key is there with the value null: for keys with which that does not mean "not
  /// given".
  [[nodiscard]] bool is_null(const std::string& key) const;

  [[noreturn]] void fail(const std::string& key, const std::string& reason) const;

 private:
  [[nodiscard]] std::size_t size(const std::string& key, std::size_t maximum,
                                 std::optional<std::size_t> fallback) const;
  [[nodiscard]] const nlohmann::json* find(const std::string& key) const;

  std::filesystem::path path_;
  std::string place_;
  nlohmann::json json_;
};

}  // namespace normscope

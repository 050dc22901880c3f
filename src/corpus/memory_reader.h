#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "corpus/text_reader.h"
#include "normscope/corpus.h"

namespace normscope {

/// The name of texts in memory in messages.
inline constexpr const char* kTextsInMemory = "texts in memory";

/// Texts in memory with the wanted columns of numbers.
class MemoryReader final : public TextReader {
 public:
  /// Throws Error if there is no such column, or if it does not have one number for each text.
  MemoryReader(const TextsInMemory& corpus, const std::vector<std::string>& number_columns);

  bool next(std::string_view& text) override;
  [[nodiscard]] std::span<const double> numbers() const override { return row_; }
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return std::nullopt; }

  /// SHA-256 of what was read, in hexadecimal; to be called once.
  std::string sha256() { return hash_.finish(); }

 private:
  std::vector<std::string_view> texts_;
  std::vector<std::vector<double>> columns_;
  std::size_t next_ = 0;
  std::vector<double> row_;
  Sha256 hash_;
};

}  // namespace normscope

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace normscope {

/// measurements.parquet as a report needs it: whole columns of numbers, and texts row by row, so
/// that a table of any length fits into memory. Everything throws Error.
class MeasurementTable {
 public:
  explicit MeasurementTable(const std::filesystem::path& path);
  MeasurementTable(MeasurementTable&&) noexcept;
  MeasurementTable& operator=(MeasurementTable&&) noexcept;
  ~MeasurementTable();

  /// Whether there is a column of numbers of this name.
  [[nodiscard]] bool has(const std::string& column) const;
  /// One per row; NaN if there is none.
  [[nodiscard]] std::vector<double> numbers(const std::string& column) const;
  /// The first `longest` bytes of column `text` in each of these rows, which must ascend.
  [[nodiscard]] std::vector<std::string> texts(std::span<const std::uint64_t> rows,
                                               std::size_t longest) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace normscope

#pragma once

#include <arrow/array.h>
#include <arrow/result.h>
#include <arrow/type.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace normscope {

/// Whether numbers_of() takes arrays of this type.
bool holds_numbers(const arrow::DataType& type);

/// The values of an array of integers, floating-point numbers or booleans (0 and 1), or of only
/// nulls; NaN for null. The array must be valid.
arrow::Result<std::vector<double>> numbers_of(const arrow::Array& array);

/// Columns of numbers for some rows; the numbers of a row are side by side.
class NumberRows {
 public:
  NumberRows() = default;
  explicit NumberRows(std::size_t columns) : columns_(columns) {}

  /// Continues with this many other rows.
  void start(std::size_t rows) { values_.assign(rows * columns_, 0); }

  /// NaN for values that are null or not finite. Fails if the values are not numbers, or not one
  /// per row.
  arrow::Status put(std::size_t column, const arrow::Array& array);

  [[nodiscard]] std::span<const double> operator[](std::size_t row) const {
    return std::span(values_).subspan(row * columns_, columns_);
  }

 private:
  std::size_t columns_ = 0;
  std::vector<double> values_;
};

}  // namespace normscope

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

/// The values of an array of integers, floating-point numbers or booleans (0 and 1), or of nothing
/// but null; NaN for null. The array must be valid.
arrow::Result<std::vector<double>> numbers_of(const arrow::Array& array);

/// Columns of numbers of some rows, those of a row side by side.
class NumberRows {
 public:
  NumberRows() = default;
  explicit NumberRows(std::size_t columns) : columns_(columns) {}

  /// Goes on to other rows, so many.
  void start(std::size_t rows) { values_.assign(rows * columns_, 0); }

  /// NaN for what is null or not finite. Fails where these are no numbers, or not one a row.
  arrow::Status put(std::size_t column, const arrow::Array& array);

  [[nodiscard]] std::span<const double> operator[](std::size_t row) const {
    return std::span(values_).subspan(row * columns_, columns_);
  }

 private:
  std::size_t columns_ = 0;
  std::vector<double> values_;
};

}  // namespace normscope

#include "corpus/arrow_numbers.h"

#include <arrow/array/array_primitive.h>
#include <arrow/util/float16.h>

#include <cmath>
#include <limits>

namespace normscope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

template <typename Array>
std::vector<double> values_of(const arrow::Array& array) {
  const auto& typed = static_cast<const Array&>(array);
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(array.length()));
  for (std::int64_t i = 0; i < array.length(); ++i) {
    values.push_back(typed.IsNull(i) ? kNone : static_cast<double>(typed.Value(i)));
  }
  return values;
}

std::vector<double> halves_of(const arrow::Array& array) {
  std::vector<double> values = values_of<arrow::HalfFloatArray>(array);
  for (double& value : values) {
    if (std::isnan(value)) continue;
    const auto bits = static_cast<std::uint16_t>(value);
    value = arrow::util::Float16::FromBits(bits).ToDouble();
  }
  return values;
}

}  // namespace

bool holds_numbers(const arrow::DataType& type) {
  return arrow::is_integer(type.id()) || arrow::is_floating(type.id()) ||
         type.id() == arrow::Type::BOOL || type.id() == arrow::Type::NA;
}

arrow::Result<std::vector<double>> numbers_of(const arrow::Array& array) {
  switch (array.type_id()) {
    case arrow::Type::NA:
      return std::vector<double>(static_cast<std::size_t>(array.length()), kNone);
    case arrow::Type::BOOL:
      return values_of<arrow::BooleanArray>(array);
    case arrow::Type::INT8:
      return values_of<arrow::Int8Array>(array);
    case arrow::Type::INT16:
      return values_of<arrow::Int16Array>(array);
    case arrow::Type::INT32:
      return values_of<arrow::Int32Array>(array);
    case arrow::Type::INT64:
      return values_of<arrow::Int64Array>(array);
    case arrow::Type::UINT8:
      return values_of<arrow::UInt8Array>(array);
    case arrow::Type::UINT16:
      return values_of<arrow::UInt16Array>(array);
    case arrow::Type::UINT32:
      return values_of<arrow::UInt32Array>(array);
    case arrow::Type::UINT64:
      return values_of<arrow::UInt64Array>(array);
    case arrow::Type::HALF_FLOAT:
      return halves_of(array);
    case arrow::Type::FLOAT:
      return values_of<arrow::FloatArray>(array);
    case arrow::Type::DOUBLE:
      return values_of<arrow::DoubleArray>(array);
    default:
      return arrow::Status::TypeError(array.type()->ToString(), " is no number");
  }
}

arrow::Status NumberRows::put(std::size_t column, const arrow::Array& array) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<double> numbers, numbers_of(array));
  if (numbers.size() * columns_ != values_.size()) {
    return arrow::Status::Invalid(numbers.size(), " numbers for ", values_.size() / columns_,
                                  " rows");
  }
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    values_[row * columns_ + column] = std::isfinite(numbers[row]) ? numbers[row] : kNone;
  }
  return arrow::Status::OK();
}

}  // namespace normscope

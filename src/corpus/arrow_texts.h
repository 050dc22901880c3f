#pragma once

#include <arrow/array.h>
#include <arrow/result.h>
#include <arrow/type.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace normscope {

/// The values of an array of strings or bytes, in any of Arrow's layouts, as texts.
class ArrowTexts {
 public:
  /// Whether make() takes arrays of this type.
  static bool can_read(const arrow::DataType& type);

  /// Checks that no text lies outside the array's buffers, whoever made them. The texts need not be
  /// UTF-8.
  static arrow::Result<ArrowTexts> make(const std::shared_ptr<arrow::Array>& array);

  ArrowTexts() = default;

  [[nodiscard]] std::int64_t size() const { return keys_ ? keys_->length() : length_; }

  /// Empty for null. Valid while this object lives.
  [[nodiscard]] std::string_view operator[](std::int64_t row) const;

 private:
  [[nodiscard]] std::string_view value(std::int64_t row) const;

  std::shared_ptr<arrow::Array> values_;
  /// For a dictionary array: its rows; values_ is then the dictionary.
  std::shared_ptr<arrow::DictionaryArray> keys_;
  std::int64_t length_ = 0;
};

}  // namespace normscope

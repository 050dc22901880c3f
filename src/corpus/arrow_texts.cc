#include "corpus/arrow_texts.h"

#include <arrow/array/array_binary.h>
#include <arrow/array/array_dict.h>

namespace normscope {
namespace {

// The type of the same layout whose values need not be UTF-8; null if it is not text.
std::shared_ptr<arrow::DataType> as_bytes(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return arrow::binary();
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return arrow::large_binary();
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
      return arrow::binary_view();
    case arrow::Type::NA:
      return arrow::null();
    default:
      return nullptr;
  }
}

}  // namespace

bool ArrowTexts::can_read(const arrow::DataType& type) {
  if (type.id() != arrow::Type::DICTIONARY) return as_bytes(type) != nullptr;
  return as_bytes(*static_cast<const arrow::DictionaryType&>(type).value_type()) != nullptr;
}

arrow::Result<ArrowTexts> ArrowTexts::make(const std::shared_ptr<arrow::Array>& array) {
  ArrowTexts texts;
  std::shared_ptr<arrow::Array> values = array;
  if (array->type_id() == arrow::Type::DICTIONARY) {
    texts.keys_ = std::static_pointer_cast<arrow::DictionaryArray>(array);
    values = texts.keys_->dictionary();
    ARROW_RETURN_NOT_OK(texts.keys_->indices()->ValidateFull());
  }
  const auto bytes = as_bytes(*values->type());
  if (!bytes) return arrow::Status::TypeError(values->type()->ToString(), " is no text");
  if (!bytes->Equals(*values->type())) {
    ARROW_ASSIGN_OR_RAISE(values, values->View(bytes));
  }
  ARROW_RETURN_NOT_OK(values->ValidateFull());
  texts.length_ = values->length();
  texts.values_ = std::move(values);
  if (texts.keys_) {
    for (std::int64_t row = 0; row < texts.keys_->length(); ++row) {
      if (texts.keys_->IsNull(row)) continue;
      const std::int64_t key = texts.keys_->GetValueIndex(row);
      if (key < 0 || key >= texts.length_) {
        return arrow::Status::Invalid("row ", row, " is not in its dictionary");
      }
    }
  }
  return texts;
}

std::string_view ArrowTexts::operator[](std::int64_t row) const {
  if (!keys_) return value(row);
  return keys_->IsNull(row) ? std::string_view() : value(keys_->GetValueIndex(row));
}

std::string_view ArrowTexts::value(std::int64_t row) const {
  if (values_->IsNull(row)) return {};
  switch (values_->type_id()) {
    case arrow::Type::BINARY:
      return static_cast<const arrow::BinaryArray&>(*values_).GetView(row);
    case arrow::Type::LARGE_BINARY:
      return static_cast<const arrow::LargeBinaryArray&>(*values_).GetView(row);
    default:
      return static_cast<const arrow::BinaryViewArray&>(*values_).GetView(row);
  }
}

}  // namespace normscope

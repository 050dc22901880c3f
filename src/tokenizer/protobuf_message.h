#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace normscope::tokenizer {

/// One field of a message: its number, and its value as bytes or as a number.
struct ProtobufField {
  std::uint64_t number = 0;
  /// For a string, a message or a number of fixed width.
  std::string_view bytes = {};
  /// For a number of variable width.
  std::uint64_t value = 0;
};

/// Reads a protobuf message field by field.
class ProtobufMessage {
 public:
  /// `file` is named in errors.
  ProtobufMessage(std::string_view bytes, const std::filesystem::path& file)
      : bytes_(bytes), file_(&file) {}

  /// The next field; absent at the end. Throws Error if the bytes are not a message.
  std::optional<ProtobufField> next();

 private:
  std::uint64_t variable();
  std::string_view take(std::uint64_t size);
  [[noreturn]] void fail() const;

  std::string_view bytes_;
  const std::filesystem::path* file_;
};

}  // namespace normscope::tokenizer

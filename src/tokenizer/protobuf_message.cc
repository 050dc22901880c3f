#include "tokenizer/protobuf_message.h"

#include "normscope/error.h"

namespace normscope::tokenizer {

void ProtobufMessage::fail() const { throw Error(*file_, "is not a protobuf message"); }

std::uint64_t ProtobufMessage::variable() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1).front());
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  fail();
}

std::string_view ProtobufMessage::take(std::uint64_t size) {
  if (size > bytes_.size()) fail();
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

std::optional<ProtobufField> ProtobufMessage::next() {
  if (bytes_.empty()) return std::nullopt;
  const std::uint64_t key = variable();
  ProtobufField field{.number = key >> 3U};
  switch (key & 7U) {
    case 0:
      field.value = variable();
      break;
    case 1:
      field.bytes = take(8);
      break;
    case 2:
      field.bytes = take(variable());
      break;
    case 5:
      field.bytes = take(4);
      break;
    default:
      fail();
  }
  return field;
}

}  // namespace normscope::tokenizer

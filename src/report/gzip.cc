#include "report/gzip.h"

#include <arrow/util/compression.h>

#include <cstdint>
#include <stdexcept>

namespace normscope {
namespace {

template <typename Value>
Value value_of(arrow::Result<Value> result) {
  if (!result.ok()) throw std::runtime_error("gzip: " + result.status().message());
  return std::move(result).ValueUnsafe();
}

}  // namespace

std::string gzip(std::string_view bytes) {
  constexpr int kLevel = 6;
  const auto codec = value_of(arrow::util::Codec::Create(arrow::Compression::GZIP, kLevel));
  const auto* input = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int64_t>(bytes.size());
  std::string packed(static_cast<std::size_t>(codec->MaxCompressedLen(size, input)), '\0');
  packed.resize(static_cast<std::size_t>(
      value_of(codec->Compress(size, input, static_cast<std::int64_t>(packed.size()),
                               reinterpret_cast<std::uint8_t*>(packed.data())))));
  return packed;
}

}  // namespace normscope

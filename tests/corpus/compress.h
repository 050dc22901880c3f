#pragma once

#include <arrow/result.h>
#include <arrow/util/compression.h>
#include <lzma.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "corpus/decompressor.h"

namespace normscope {

/// One member, as the program of that name would write it.
inline std::string compress(Compression compression, std::string_view text) {
  const auto* input = reinterpret_cast<const std::uint8_t*>(text.data());
  std::string stored;
  if (compression == Compression::xz) {
    stored.resize(lzma_stream_buffer_bound(text.size()));
    std::size_t size = 0;
    if (lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, input, text.size(),
                                reinterpret_cast<std::uint8_t*>(stored.data()), &size,
                                stored.size()) != LZMA_OK) {
      throw std::runtime_error("xz");
    }
    stored.resize(size);
    return stored;
  }
  const auto type = compression == Compression::gzip   ? arrow::Compression::GZIP
                    : compression == Compression::zstd ? arrow::Compression::ZSTD
                                                       : arrow::Compression::BZ2;
  const auto compressor =
      arrow::util::Codec::Create(type).ValueOrDie()->MakeCompressor().ValueOrDie();
  stored.resize(text.size() + 4096);
  auto* const output = reinterpret_cast<std::uint8_t*>(stored.data());
  const auto room = static_cast<std::int64_t>(stored.size());
  arrow::util::Compressor::CompressResult step{};
  if (!text.empty()) {  // which bzip2 does not take
    step = compressor->Compress(static_cast<std::int64_t>(text.size()), input, room, output)
               .ValueOrDie();
  }
  const auto end =
      compressor->End(room - step.bytes_written, output + step.bytes_written).ValueOrDie();
  if (step.bytes_read != static_cast<std::int64_t>(text.size()) || end.should_retry) {
    throw std::runtime_error("compress");
  }
  stored.resize(static_cast<std::size_t>(step.bytes_written + end.bytes_written));
  return stored;
}

}  // namespace normscope

#include "corpus/decompressor.h"

#include <arrow/result.h>
#include <arrow/status.h>
#include <arrow/util/compression.h>
#include <lzma.h>

#include <new>

namespace normscope {
namespace {

constexpr std::uint64_t kXzMemory = 256 << 20;

std::string_view reason(lzma_ret code) {
  switch (code) {
    case LZMA_FORMAT_ERROR:
      return "no xz stream begins here";
    case LZMA_OPTIONS_ERROR:
      return "options that are not supported";
    case LZMA_MEMLIMIT_ERROR:
      return "asks for more than 256 MiB of memory";
    default:
      return "the data do not fit their checksums";
  }
}

class XzDecompressor : public arrow::util::Decompressor {
 public:
  XzDecompressor() { start(); }
  XzDecompressor(const XzDecompressor&) = delete;
  XzDecompressor& operator=(const XzDecompressor&) = delete;
  ~XzDecompressor() override { lzma_end(&stream_); }

  arrow::Result<DecompressResult> Decompress(std::int64_t input_size, const std::uint8_t* input,
                                             std::int64_t output_size,
                                             std::uint8_t* output) override {
    stream_.next_in = input;
    stream_.avail_in = static_cast<std::size_t>(input_size);
    stream_.next_out = output;
    stream_.avail_out = static_cast<std::size_t>(output_size);
    const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
    finished_ = code == LZMA_STREAM_END;
    if (code == LZMA_MEM_ERROR) throw std::bad_alloc();
    // LZMA_BUF_ERROR: no progress was possible with this input, which is not an error in the data.
    if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR) {
      return arrow::Status::IOError(reason(code));
    }
    return DecompressResult{
        .bytes_read = input_size - static_cast<std::int64_t>(stream_.avail_in),
        .bytes_written = output_size - static_cast<std::int64_t>(stream_.avail_out),
        .need_more_output = stream_.avail_out == 0};
  }

  bool IsFinished() override { return finished_; }

  arrow::Status Reset() override {
    start();
    return arrow::Status::OK();
  }

 private:
  void start() {
    finished_ = false;
    // It fails only if memory runs out.
    if (lzma_stream_decoder(&stream_, kXzMemory, 0) != LZMA_OK) throw std::bad_alloc();
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool finished_ = false;
};

arrow::Compression::type arrow_type(Compression compression) {
  if (compression == Compression::gzip) return arrow::Compression::GZIP;
  return compression == Compression::zstd ? arrow::Compression::ZSTD : arrow::Compression::BZ2;
}

}  // namespace

std::optional<Compression> compression_of(std::string_view bytes) {
  if (bytes.starts_with("\x1F\x8B\x08")) return Compression::gzip;
  if (bytes.starts_with("\x28\xB5\x2F\xFD")) return Compression::zstd;
  // A skippable frame, with which parallel compressors begin.
  if (bytes.size() >= 4 && (bytes[0] & 0xF0) == 0x50 && bytes.substr(1, 3) == "\x2A\x4D\x18") {
    return Compression::zstd;
  }
  if (bytes.starts_with(std::string_view("\xFD"
                                         "7zXZ\0",
                                         6))) {
    return Compression::xz;
  }
  // "BZh9" alone could begin a text. In bzip2, the digits of pi follow, or of its square root at
  // the end of an empty stream.
  if (bytes.size() >= 10 && bytes.starts_with("BZh") && bytes[3] >= '1' && bytes[3] <= '9') {
    const std::string_view block = bytes.substr(4, 6);
    if (block == "1AY&SY" || block == "\x17\x72\x45\x38\x50\x90") {
      return Compression::bzip2;
    }
  }
  return std::nullopt;
}

std::string_view name(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
    case Compression::bzip2:
      return "bzip2";
    case Compression::xz:
      break;
  }
  return "xz";
}

std::shared_ptr<arrow::util::Decompressor> make_decompressor(Compression compression) {
  if (compression == Compression::xz) return std::make_shared<XzDecompressor>();
  const auto codec = arrow::util::Codec::Create(arrow_type(compression)).ValueOrDie();
  return codec->MakeDecompressor().ValueOrDie();
}

}  // namespace normscope

#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace arrow::util {
class Decompressor;
}

namespace normscope {

/// How the bytes of a corpus file are compressed.
enum class Compression { gzip, zstd, bzip2, xz };

/// The bytes at the start of a file that compression_of() looks at.
inline constexpr std::size_t kCompressionMagic = 10;

/// Detected from the first bytes of a file only, whatever its name; absent for a file that is not
/// compressed.
std::optional<Compression> compression_of(std::string_view first_bytes);

std::string_view name(Compression compression);

/// Decompresses one member (stream, frame) at a time, in bounded memory: Arrow's codecs, and
/// liblzma for xz, which may ask for at most 256 MiB.
std::shared_ptr<arrow::util::Decompressor> make_decompressor(Compression compression);

}  // namespace normscope

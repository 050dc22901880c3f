#pragma once

#include <optional>
#include <string>

#include "corpus/byte_source.h"
#include "normscope/corpus.h"

namespace normscope {

/// The format of a file, by its first bytes (Parquet, Arrow, JSON Lines), else by its name without
/// .gz, .zst, .bz2 or .xz (CSV, TSV, JSON Lines), else text. Throws Error for formats that cannot
/// be read (Feather 1, JSON that is not JSON Lines, UTF-16), and as ByteSource::read() does.
CorpusFormat format_of(ByteSource& source);

/// The offset of the first zero byte among the first bytes: a sign that the file is not text.
std::optional<std::size_t> zero_byte(ByteSource& source);

/// `path` without .gz, .zst, .bz2 or .xz at its end.
std::string without_compression(std::string path);

}  // namespace normscope

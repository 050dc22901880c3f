#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpus/byte_source.h"
#include "corpus/column.h"
#include "corpus/text_reader.h"

namespace normscope {

/// Reads the row groups one after the other (or only one of them), a page at a time, and only the
/// chosen columns. Parquet cannot be read from start to end, so the source must be a file that is
/// not compressed as a whole. Throws Error.
std::unique_ptr<TextReader> read_parquet(const ByteSource& source, const ColumnChoice& wanted,
                                         std::optional<int> row_group = std::nullopt);

/// What a Parquet file's table of contents says.
struct ParquetContents {
  /// Rows of each row group.
  std::vector<std::uint64_t> row_groups;
  /// SHA-256 of the table of contents, in hexadecimal.
  std::string sha256;
};

/// Throws Error if the source is not a Parquet file that can be read.
ParquetContents parquet_contents(const ByteSource& source);

}  // namespace normscope

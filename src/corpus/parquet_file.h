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

/// A row group after the other (or one alone), a page at a time, the chosen columns alone. Parquet
/// cannot be read from front to back, so the source must be a file that is not compressed as a
/// whole. Throws Error.
std::unique_ptr<TextReader> read_parquet(const ByteSource& source, const ColumnChoice& wanted,
                                         std::optional<int> row_group = std::nullopt);

/// What a Parquet file's table of contents says.
struct ParquetContents {
  /// Rows of each row group.
  std::vector<std::uint64_t> row_groups;
  /// SHA-256 of the table of contents, in hexadecimal.
  std::string sha256;
};

/// Throws Error if the source is no Parquet file that can be read.
ParquetContents parquet_contents(const ByteSource& source);

}  // namespace normscope

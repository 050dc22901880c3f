#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "corpus/byte_source.h"
#include "corpus/text_reader.h"

namespace normscope {

struct ReadLimits {
  /// Bytes asked for at a time; small enough to be hashed and scanned in the second-level cache.
  std::size_t block = 256 << 10;
  /// The longest line (text) or paragraph (prose) that is accepted, in bytes.
  std::size_t unit = 64 << 20;
};

/// The lines of one file: ended by LF or CR LF, the last one also by the end. A byte order mark at
/// the start is skipped.
class LineReader final : public TextReader {
 public:
  LineReader(ByteSource& source, const ReadLimits& limits);

  /// The next line without its end, valid until the next call; false at the end. Throws Error.
  bool next(std::string_view& line) override;

  /// Number of the line that next() returned last, from 1.
  [[nodiscard]] std::uint64_t line_number() const { return line_number_; }
  [[nodiscard]] std::span<const double> numbers() const override { return {}; }
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return std::nullopt; }

 private:
  /// Appends a block to the buffer; false at the end of the file.
  bool fill();
  /// The bytes from begin_ to `end` as a line.
  std::string_view take(std::size_t end);

  ByteSource& source_;
  ReadLimits limits_;
  std::vector<char> buffer_;
  /// buffer_[begin_, end_) has been read but not returned; there is no LF before scanned_.
  std::size_t begin_ = 0;
  std::size_t scanned_ = 0;
  std::size_t end_ = 0;
  std::uint64_t line_number_ = 0;
};

}  // namespace normscope

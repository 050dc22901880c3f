// Reading text: lines, UTF-8, and strings in JSON.
//
//     normscope::LineStream lines("sentences.txt.gz");
//     for (std::string_view line; lines.next(line);) …
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "normscope/export.h"

namespace normscope {

/// Whether `text` is well-formed UTF-8 (Unicode, table 3-7: no overlong forms, no surrogates,
/// nothing above U+10FFFF, nothing cut short). U+0000 is a character like any other.
NORMSCOPE_EXPORT bool is_utf8(std::string_view text);

/// The lines of a file, or of standard input if it is called "-", in bounded memory: plain, or
/// compressed with gzip, zstd, bzip2 or xz. A line ends with LF or CR LF, the last one also at the
/// end of the file; a byte order mark at the start is skipped.
class NORMSCOPE_EXPORT LineStream {
 public:
  /// Throws Error.
  explicit LineStream(const std::string& file);
  LineStream(LineStream&&) noexcept;
  LineStream& operator=(LineStream&&) noexcept;
  ~LineStream();

  /// The next line without its end, valid until the next call; false at the end. Throws Error.
  bool next(std::string_view& line);

  /// Number of the line that next() returned last, from 1.
  [[nodiscard]] std::uint64_t line_number() const;
  /// What messages call the file.
  [[nodiscard]] const std::string& name() const;

 private:
  struct NORMSCOPE_HIDDEN State;
  std::unique_ptr<State> state_;
};

/// `text`, which is UTF-8, as a JSON string with its quotation marks.
[[nodiscard]] NORMSCOPE_EXPORT std::string to_json_string(std::string_view text);

/// The text that a JSON string stands for; absent if `json` is not a JSON string.
[[nodiscard]] NORMSCOPE_EXPORT std::optional<std::string> from_json_string(std::string_view json);

}  // namespace normscope

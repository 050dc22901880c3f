#include "corpus/line_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "normscope/error.h"

namespace normscope {

LineReader::LineReader(ByteSource& source, const ReadLimits& limits)
    : source_(source), limits_(limits), buffer_(limits.block) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  while (end_ < byte_order_mark.size() && fill()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark)) {
    begin_ = scanned_ = byte_order_mark.size();
  }
}

bool LineReader::next(std::string_view& line) {
  for (;;) {
    if (const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_)) {
      const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
      line = take(end);
      begin_ = scanned_ = end + 1;
      return true;
    }
    scanned_ = end_;
    // Before fill(): the buffer must not grow for a line that is refused anyway.
    if (end_ - begin_ <= limits_.unit && fill()) continue;
    if (begin_ == end_) return false;
    line = take(end_);
    begin_ = end_;
    return true;
  }
}

std::string LineReader::place() const { return fmt::format("line {}", line_number_); }

bool LineReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    scanned_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < limits_.block) {
    buffer_.resize(std::max(2 * buffer_.size(), end_ + limits_.block));
  }
  const std::size_t count = source_.read({buffer_.data() + end_, limits_.block});
  end_ += count;
  return count > 0;
}

std::string_view LineReader::take(std::size_t end) {
  ++line_number_;
  if (end - begin_ > limits_.unit) {
    throw Error(source_.name(), place(), fmt::format("longer than {} bytes", limits_.unit));
  }
  std::string_view line(buffer_.data() + begin_, end - begin_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace normscope

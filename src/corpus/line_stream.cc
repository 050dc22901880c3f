#include <memory>
#include <string>
#include <string_view>

#include "corpus/byte_source.h"
#include "corpus/line_reader.h"
#include "normscope/text.h"

namespace normscope {

struct LineStream::State {
  explicit State(const std::string& file) : source(file), lines(source, {}), name(source.name()) {}
  ByteSource source;
  LineReader lines;
  std::string name;
};

LineStream::LineStream(const std::string& file) : state_(std::make_unique<State>(file)) {}
LineStream::LineStream(LineStream&&) noexcept = default;
LineStream& LineStream::operator=(LineStream&&) noexcept = default;
LineStream::~LineStream() = default;

bool LineStream::next(std::string_view& line) { return state_->lines.next(line); }

std::uint64_t LineStream::line_number() const { return state_->lines.line_number(); }

const std::string& LineStream::name() const { return state_->name; }

}  // namespace normscope

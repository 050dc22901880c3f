#include "measure/vectors_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/json_fields.h"
#include "base/mapped_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

/// How many numbers of each kind follow the header.
struct VectorsHeader {
  std::uint64_t sentences = 0;
  /// Length of the vectors at each point.
  std::vector<std::uint64_t> widths;
};

template <class Fields>
void describe(Fields& fields, Of<VectorsHeader> auto& vectors) {
  fields("sentences", vectors.sentences);
  fields("widths", vectors.widths);
}

struct ControlHeader {
  std::string name;
  std::uint64_t sentences = 0;
  /// How many numbers a sentence has.
  std::uint64_t statistics = 0;
  VectorsHeader vectors;
};

template <class Fields>
void describe(Fields& fields, Of<ControlHeader> auto& control) {
  fields("name", control.name);
  fields("sentences", control.sentences);
  fields("statistics", control.statistics);
  fields("vectors", control.vectors);
}

struct Header {
  /// Which shard the vectors belong to.
  std::string label;
  std::vector<VectorsHeader> vectors;
  std::uint64_t shift = 0;
  std::vector<ControlHeader> controls;
};

template <class Fields>
void describe(Fields& fields, Of<Header> auto& header) {
  fields("label", header.label);
  fields("vectors", header.vectors);
  fields("shift", header.shift);
  fields("controls", header.controls);
}

VectorsHeader header_of(const KeptVectors& vectors) {
  VectorsHeader header{.sentences = vectors.indices.size(), .widths = {}};
  for (const std::vector<float>& point : vectors.points) {
    header.widths.push_back(vectors.indices.empty() ? 0 : point.size() / vectors.indices.size());
  }
  return header;
}

ControlHeader header_of(const ControlRows& control) {
  return {.name = control.name,
          .sentences = control.indices.size(),
          .statistics = control.statistics.empty() ? 0 : control.statistics.front().size(),
          .vectors = header_of(control.vectors)};
}

Header header_of(const MeasuredShard& shard, const std::string& label) {
  Header header{.label = label, .vectors = {}, .shift = shard.shift.size(), .controls = {}};
  for (const KeptVectors& kept : shard.measurements.vectors) {
    header.vectors.push_back(header_of(kept));
  }
  for (const ControlRows& control : shard.controls) header.controls.push_back(header_of(control));
  return header;
}

// The numbers after the header, in the order in which the functions below write and read them.

template <class Number>
void append(std::string& bytes, const std::vector<Number>& numbers) {
  bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
}

void append(std::string& bytes, const KeptVectors& vectors) {
  append(bytes, vectors.indices);
  for (const std::vector<float>& point : vectors.points) append(bytes, point);
}

void append(std::string& bytes, const ControlRows& control) {
  append(bytes, control.indices);
  for (const std::vector<double>& row : control.statistics) append(bytes, row);
  append(bytes, control.vectors);
}

/// The rest of a file that is still to be read.
class Bytes {
 public:
  Bytes(const MappedFile& file, const std::filesystem::path& path)
      : path_(&path), left_(file.bytes()) {}

  std::span<const std::byte> take(std::uint64_t size) {
    if (size > left_.size()) fail();
    const auto taken = left_.first(size);
    left_ = left_.subspan(size);
    return taken;
  }
  /// `rows` times `columns` numbers.
  template <class Number>
  std::vector<Number> numbers(std::uint64_t rows, std::uint64_t columns = 1) {
    // Checked before memory is taken for them.
    if (columns != 0 && rows > left_.size() / sizeof(Number) / columns) fail();
    std::vector<Number> numbers(rows * columns);
    const auto bytes = take(numbers.size() * sizeof(Number));
    if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return numbers;
  }
  void end() const {
    if (!left_.empty()) fail();
  }

 private:
  [[noreturn]] void fail() const { throw Error(*path_, "does not hold the vectors of a shard"); }

  const std::filesystem::path* path_;
  std::span<const std::byte> left_;
};

KeptVectors read_kept(Bytes& bytes, const VectorsHeader& header) {
  KeptVectors vectors{.indices = bytes.numbers<std::uint64_t>(header.sentences), .points = {}};
  for (const std::uint64_t width : header.widths) {
    vectors.points.push_back(bytes.numbers<float>(header.sentences, width));
  }
  return vectors;
}

ControlRows read_control(Bytes& bytes, const ControlHeader& header) {
  ControlRows control{.name = header.name,
                      .indices = bytes.numbers<std::uint64_t>(header.sentences),
                      .statistics = {},
                      .vectors = {}};
  for (std::uint64_t i = 0; i < header.sentences; ++i) {
    control.statistics.push_back(bytes.numbers<double>(header.statistics));
  }
  control.vectors = read_kept(bytes, header.vectors);
  return control;
}

}  // namespace

bool has_vectors(const MeasuredShard& shard) {
  const auto is_kept = [](const KeptVectors& kept) { return !kept.points.empty(); };
  return std::ranges::any_of(shard.measurements.vectors, is_kept) || !shard.controls.empty();
}

void write_vectors(const std::filesystem::path& path, const MeasuredShard& shard,
                   const std::string& label) {
  const std::string header = json_text(header_of(shard, label));
  const std::uint64_t size = header.size();
  std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += header;
  for (const KeptVectors& kept : shard.measurements.vectors) append(bytes, kept);
  append(bytes, shard.shift);
  for (const ControlRows& control : shard.controls) append(bytes, control);
  write_atomically(path, bytes);
}

void read_vectors(const std::filesystem::path& path, MeasuredShard& shard,
                  const std::string& label) {
  const MappedFile file(path);
  Bytes bytes(file, path);
  const std::uint64_t size = bytes.numbers<std::uint64_t>(1).front();
  const auto text = bytes.take(size);
  const auto header =
      parse_json<Header>(path, {reinterpret_cast<const char*>(text.data()), text.size()});
  if (header.label != label) throw Error(path, "holds the vectors of another shard");
  for (const VectorsHeader& kept : header.vectors) {
    shard.measurements.vectors.push_back(read_kept(bytes, kept));
  }
  shard.shift = bytes.numbers<float>(header.shift);
  for (const ControlHeader& control : header.controls) {
    shard.controls.push_back(read_control(bytes, control));
  }
  bytes.end();
}

}  // namespace normscope

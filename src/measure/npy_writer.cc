#include <fmt/format.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

#include "normscope/error.h"
#include "normscope/vector_files.h"

namespace normscope {
namespace {

static_assert(std::endian::native == std::endian::little, "the header says little-endian");

// Magic, version 1.0, the length of the rest in two bytes, a Python dictionary, spaces and a line
// feed: 128 bytes in all, whatever the number of rows (NumPy's "NEP 1: a simple file format").
std::string header(std::uint64_t rows, std::size_t width) {
  constexpr std::size_t size = 128;
  std::string text("\x93NUMPY\x01\x00\x76\x00", 10);
  text +=
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", rows, width);
  text.resize(size - 1, ' ');
  return text + '\n';
}

}  // namespace

struct NpyWriter::State {
  void write(const char* data, std::size_t size) {
    if (!file.write(data, static_cast<std::streamsize>(size))) fail();
  }
  [[noreturn]] void fail() const {
    throw Error(path, errno != 0 ? std::strerror(errno) : "cannot be written");
  }

  std::filesystem::path path;
  std::size_t width = 0;
  std::uint64_t numbers = 0;
  std::ofstream file;
};

NpyWriter::NpyWriter(const std::filesystem::path& path, std::size_t width)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->width = width;
  state_->file.open(path, std::ios::binary | std::ios::trunc);
  if (!state_->file) state_->fail();
  // The number of rows is known only at the end.
  const std::string begin = header(0, width);
  state_->write(begin.data(), begin.size());
}
NpyWriter::NpyWriter(NpyWriter&&) noexcept = default;
NpyWriter& NpyWriter::operator=(NpyWriter&&) noexcept = default;
NpyWriter::~NpyWriter() = default;

void NpyWriter::append(std::span<const float> rows) {
  if (state_->width == 0 || rows.size() % state_->width != 0) {
    throw std::invalid_argument("a part of a row");
  }
  state_->numbers += rows.size();
  state_->write(reinterpret_cast<const char*>(rows.data()), rows.size_bytes());
}

void NpyWriter::close() {
  if (!state_->file.seekp(0)) state_->fail();
  const std::string begin = header(state_->numbers / state_->width, state_->width);
  state_->write(begin.data(), begin.size());
  state_->file.close();
  if (!state_->file) state_->fail();
}

}  // namespace normscope

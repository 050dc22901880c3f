#pragma once

#include <span>
#include <string>

#include "files/sha256.h"

namespace normscope {

/// The bytes of a file or of standard input, hashed as they are read.
class ByteSource {
 public:
  /// `path`: a file, or "-" for standard input. Throws Error.
  explicit ByteSource(std::string path);
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ~ByteSource();

  /// Reads up to block.size() bytes to the front of `block` and returns their number, 0 only at the
  /// end. Throws Error.
  std::size_t read(std::span<char> block);

  /// What to call it in a message.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// SHA-256 of the bytes read, in hexadecimal; to be called once, at the end.
  std::string sha256() { return hash_.finish(); }

 private:
  std::string name_;
  int descriptor_ = 0;  // standard input
  Sha256 hash_;
};

}  // namespace normscope

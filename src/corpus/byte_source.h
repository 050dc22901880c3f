#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "corpus/decompressor.h"

namespace normscope {

/// The bytes of a file or of standard input: decompressed if its first bytes say that it is gzip,
/// zstd, bzip2 or xz (successive members are one stream; zero bytes between and after them are
/// skipped), and hashed as stored.
class ByteSource {
 public:
  /// `path`: a file, or "-" for standard input. Throws Error.
  explicit ByteSource(std::string path, std::stop_token stop = {});
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ~ByteSource();

  /// Reads up to block.size() bytes into the front of `block` and returns their number, which is 0
  /// only at the end. Throws Error, and Interrupted when a stop is requested, also while it waits
  /// for input.
  std::size_t read(std::span<char> block);

  /// The next `size` bytes without consuming them; fewer only if the end comes first. Valid until
  /// the next call. Throws as read() does.
  std::string_view peek(std::size_t size);

  /// Reads and discards the rest, so that all of it is hashed. Throws as read() does.
  void drain();

  /// Its name in messages.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// The descriptor of a regular file that is not compressed, for reading at any place; absent for
  /// any other source. To be called after a first peek().
  [[nodiscard]] std::optional<int> random_access() const;

  /// SHA-256 of the bytes read as they are stored, in hexadecimal; to be called once, at the end.
  std::string sha256() { return hash_.finish(); }

 private:
  /// As read(), after the bytes that were peeked at.
  std::size_t produce(std::span<char> block);
  std::size_t decompress(std::span<char> block);
  /// Reads a block of stored bytes; 0 at the end.
  std::size_t read_stored(std::span<char> block);
  /// Reads the first bytes and checks whether they are compressed.
  void look_at_start();
  /// Refills stored_ once it is used up.
  void refill();
  [[noreturn]] void refuse(std::string_view reason) const;

  std::string name_;
  std::stop_token stop_;
  int descriptor_ = 0;  // standard input
  bool regular_ = false;
  Sha256 hash_;
  /// Stored bytes read so far.
  std::uint64_t position_ = 0;

  bool looked_ = false;
  /// stored_[begin_, end_) has been read but neither returned nor decompressed.
  std::vector<char> stored_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  std::optional<Compression> compression_;
  std::shared_ptr<arrow::util::Decompressor> decompressor_;
  bool between_members_ = false;

  std::string peeked_;
  std::size_t peeked_taken_ = 0;
};

}  // namespace normscope

#include "corpus/byte_source.h"

#include <arrow/result.h>
#include <arrow/status.h>
#include <arrow/util/compression.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::size_t kStoredBlock = 256 << 10;
constexpr int kPollMilliseconds = 50;

}  // namespace

ByteSource::ByteSource(std::string path, std::stop_token stop)
    : name_(std::move(path)), stop_(std::move(stop)) {
  if (name_ == "-") {
    name_ = "standard input";
  } else {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer and ignore a stop request.
    descriptor_ = ::open(name_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) throw Error(name_, std::strerror(errno));
  }
  struct stat status {};
  regular_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
}

ByteSource::~ByteSource() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

std::size_t ByteSource::read(std::span<char> block) {
  if (peeked_taken_ < peeked_.size()) {
    const std::size_t count = peeked_.copy(block.data(), block.size(), peeked_taken_);
    peeked_taken_ += count;
    return count;
  }
  return produce(block);
}

std::string_view ByteSource::peek(std::size_t size) {
  peeked_.erase(0, std::exchange(peeked_taken_, 0));
  std::size_t have = peeked_.size();
  if (have < size) {
    peeked_.resize(size);
    while (have < size) {
      const std::size_t count = produce({peeked_.data() + have, size - have});
      if (count == 0) break;
      have += count;
    }
    peeked_.resize(have);
  }
  return std::string_view(peeked_).substr(0, size);
}

void ByteSource::drain() {
  peeked_.clear();
  peeked_taken_ = 0;
  std::vector<char> block(kStoredBlock);
  while (produce(block) > 0) {
  }
}

std::optional<int> ByteSource::random_access() const {
  if (!regular_ || compression_) return std::nullopt;
  return descriptor_;
}

std::size_t ByteSource::produce(std::span<char> block) {
  if (!looked_) look_at_start();
  if (compression_) return decompress(block);
  if (begin_ == end_) return read_stored(block);
  const std::size_t count = std::min(block.size(), end_ - begin_);
  std::copy_n(stored_.data() + begin_, count, block.data());
  begin_ += count;
  return count;
}

std::size_t ByteSource::decompress(std::span<char> block) {
  for (;;) {
    if (begin_ == end_) refill();
    const bool at_end = begin_ == end_;
    if (between_members_) {
      while (begin_ < end_ && stored_[begin_] == '\0') ++begin_;
      if (at_end) return 0;
      if (begin_ == end_) continue;
      if (!decompressor_->Reset().ok()) refuse("cannot start again");
      between_members_ = false;
    }
    // At the end the decompressor may still hold output that there was no room for before.
    const auto step = decompressor_->Decompress(
        static_cast<std::int64_t>(end_ - begin_),
        reinterpret_cast<const std::uint8_t*>(stored_.data() + begin_),
        static_cast<std::int64_t>(block.size()), reinterpret_cast<std::uint8_t*>(block.data()));
    if (!step.ok()) refuse("is corrupt: " + step.status().message());
    begin_ += static_cast<std::size_t>(step->bytes_read);
    between_members_ = decompressor_->IsFinished();
    if (step->bytes_written > 0) return static_cast<std::size_t>(step->bytes_written);
    if (between_members_) continue;
    if (at_end) refuse("is cut short");
    if (step->bytes_read == 0 && begin_ < end_) refuse("is corrupt");
  }
}

void ByteSource::refuse(std::string_view reason) const {
  throw Error(name_, fmt::format("byte {}", position_ - (end_ - begin_)),
              fmt::format("the {} stream {}", normscope::name(*compression_), reason));
}

void ByteSource::look_at_start() {
  looked_ = true;
  stored_.resize(kStoredBlock);
  while (end_ < kCompressionMagic) {
    const std::size_t count = read_stored(std::span(stored_).subspan(end_));
    if (count == 0) break;
    end_ += count;
  }
  compression_ = compression_of({stored_.data(), end_});
  if (compression_) decompressor_ = make_decompressor(*compression_);
}

void ByteSource::refill() {
  begin_ = 0;
  end_ = read_stored(stored_);
}

std::size_t ByteSource::read_stored(std::span<char> block) {
  for (;;) {
    if (stop_.stop_requested()) throw Interrupted();
    if (!regular_) {
      pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, kPollMilliseconds) == 0) continue;
    }
    const ssize_t count = ::read(descriptor_, block.data(), block.size());
    if (count >= 0) {
      hash_.update({block.data(), static_cast<std::size_t>(count)});
      position_ += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR && errno != EAGAIN) throw Error(name_, std::strerror(errno));
  }
}

}  // namespace normscope

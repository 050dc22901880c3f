#include "corpus/byte_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "normscope/error.h"

namespace normscope {

ByteSource::ByteSource(std::string path) : name_(std::move(path)) {
  if (name_ == "-") {
    name_ = "standard input";
    return;
  }
  descriptor_ = ::open(name_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw Error(name_, std::strerror(errno));
}

ByteSource::~ByteSource() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

std::size_t ByteSource::read(std::span<char> block) {
  for (;;) {
    const ssize_t count = ::read(descriptor_, block.data(), block.size());
    if (count >= 0) {
      hash_.update({block.data(), static_cast<std::size_t>(count)});
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR) throw Error(name_, std::strerror(errno));
  }
}

}  // namespace normscope

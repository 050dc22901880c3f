#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace normscope {

/// What a download tells while it goes on. Either may be empty.
struct HubListener {
  /// Bytes of one file that are here, of how many; the last call for a file has them equal. A
  /// server that cannot continue a broken transfer makes the count fall back to 0.
  std::function<void(const std::string& file, std::uint64_t done, std::uint64_t total)> progress;
  /// One line that the user should see: a transfer that is tried again, a cache that stands in for
  /// a hub that cannot be reached.
  std::function<void(const std::string& line)> notice;
};

}  // namespace normscope

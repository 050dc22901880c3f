// What a download from the hub reports while it runs.
//
//     const normscope::HubListener listener{
//         .progress = [](const std::string& file, std::uint64_t done, std::uint64_t total) {
//           std::cerr << file << ": " << done << " of " << total << " bytes\n";
//         },
//         .notice = [](const std::string& line) { std::cerr << line << '\n'; }};
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace normscope {

/// Called by a download while it runs, in the thread that asked for it. Either may be empty.
struct HubListener {
  /// How many of a file's bytes have arrived; in the last call for a file the two numbers are
  /// equal. If a server cannot continue a broken transfer, the count falls back to 0.
  std::function<void(const std::string& file, std::uint64_t done, std::uint64_t total)> progress;
  /// One line that the user should see: a transfer that is tried again, a cache that stands in for
  /// a hub that cannot be reached.
  std::function<void(const std::string& line)> notice;
};

}  // namespace normscope

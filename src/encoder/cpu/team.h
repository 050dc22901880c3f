#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace normscope {

/// Threads that together do one short piece of work after another, microseconds apart: they stay
/// awake for the next piece and go to sleep only if it does not come.
class Team {
 public:
  /// `size` members, the calling thread one of them.
  explicit Team(unsigned size);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(helpers_.size()) + 1; }

  /// Cuts [0, count) into a range for each member and calls work(first, end, member) for those that
  /// are not empty, at once; returns when all are done. `work` throws nothing.
  template <typename Work>
  void split(std::size_t count, const Work& work) {
    const std::size_t members = std::min<std::size_t>(size(), count);
    if (members <= 1) {
      if (count > 0) work(std::size_t{0}, count, 0U);
      return;
    }
    run([&](unsigned member) {
      if (member < members) work(count * member / members, count * (member + 1) / members, member);
    });
  }

 private:
  void run(const std::function<void(unsigned)>& work);
  void help(unsigned member);

  const std::function<void(unsigned)>* work_ = nullptr;
  /// Where the calling thread runs.
  int caller_cpu_ = -1;
  std::atomic<std::uint32_t> piece_ = 0;
  std::atomic<unsigned> left_ = 0;
  std::atomic<bool> end_ = false;
  std::vector<std::jthread> helpers_;
};

}  // namespace normscope

#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "normscope/error.h"

namespace normscope {

void parallel_for(unsigned threads, std::size_t count, const std::stop_token& stop,
                  const std::function<void(unsigned thread, std::size_t i)>& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto run = [&](unsigned thread) {
    try {
      for (std::size_t i = next++; i < count && !failed; i = next++) {
        if (stop.stop_requested()) throw Interrupted();
        work(thread, i);
      }
    } catch (...) {
      const std::scoped_lock lock(failure_mutex);
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  };
  {
    const auto helpers = static_cast<unsigned>(std::min<std::size_t>(threads, count));
    std::vector<std::jthread> pool;
    for (unsigned thread = 1; thread < helpers; ++thread) pool.emplace_back(run, thread);
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace normscope

#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <vector>

#include "normscope/error.h"

namespace normscope {
namespace {

TEST(ParallelForTest, DoesEveryItemOnce) {
  for (const unsigned threads : {1U, 2U, 7U}) {
    for (const std::size_t count : {0U, 1U, 3U, 1000U}) {
      std::vector<std::atomic<int>> done(count);
      parallel_for(threads, count, {}, [&](unsigned thread, std::size_t i) {
        EXPECT_LT(thread, threads);
        ++done[i];
      });
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

TEST(ParallelForTest, PassesOnAnExceptionAndEnds) {
  std::atomic<std::size_t> calls = 0;
  EXPECT_THROW(parallel_for(4, 100000, {},
                            [&](unsigned, std::size_t i) {
                              ++calls;
                              if (i == 10) throw std::runtime_error("ten");
                              // The thread that throws may be held up for a while.
                              if (i > 10)
                                std::this_thread::sleep_for(std::chrono::microseconds(50));
                            }),
               std::runtime_error);
  EXPECT_LT(calls, 100000U);
}

TEST(ParallelForTest, StopsWhenAsked) {
  std::stop_source source;
  std::atomic<std::size_t> calls = 0;
  EXPECT_THROW(parallel_for(2, 100000, source.get_token(),
                            [&](unsigned, std::size_t) {
                              if (++calls == 5) source.request_stop();
                              // Whoever comes after waits for the one who asks.
                              while (calls >= 5 && !source.stop_requested()) {
                                std::this_thread::yield();
                              }
                            }),
               Interrupted);
  EXPECT_LE(calls, 6U);
}

}  // namespace
}  // namespace normscope

#include "encoder/cpu/team.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace normscope {
namespace {

TEST(TeamTest, DoesEveryItemOnceInRangesThatMeet) {
  for (const unsigned size : {1U, 2U, 5U}) {
    Team team(size);
    EXPECT_EQ(team.size(), size);
    for (const std::size_t count : {0U, 1U, 4U, 5U, 1000U}) {
      std::vector<int> done(count);
      std::vector<int> members(size);
      team.split(count, [&](std::size_t first, std::size_t end, unsigned member) {
        ++members[member];
        for (; first < end; ++first) ++done[first];
      });
      EXPECT_EQ(done, std::vector<int>(count, 1));
      for (const int calls : members) EXPECT_LE(calls, 1);
    }
  }
}

TEST(TeamTest, EachPieceSeesTheOneBefore) {
  Team team(3);
  std::vector<std::uint64_t> values(97, 1);
  for (int piece = 0; piece < 5000; ++piece) {
    // Each item reads a neighbour that another member wrote in the piece before.
    std::vector<std::uint64_t> next(values.size());
    team.split(values.size(), [&](std::size_t first, std::size_t end, unsigned) {
      for (; first < end; ++first) {
        next[first] = values[(first + 50) % values.size()] + 1;
      }
    });
    values = next;
  }
  EXPECT_EQ(values, std::vector<std::uint64_t>(97, 5001));
}

TEST(TeamTest, WakesUpAfterALongPause) {
  Team team(2);
  for (int round = 0; round < 3; ++round) {
    std::vector<int> done(2);
    team.split(2, [&](std::size_t first, std::size_t, unsigned) { ++done[first]; });
    EXPECT_EQ(done, std::vector<int>(2, 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace
}  // namespace normscope

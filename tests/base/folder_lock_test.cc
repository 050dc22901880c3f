#include "base/folder_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::HasSubstr;
using Mode = FolderLock::Mode;

class FolderLockTest : public testing::Test {
 protected:
  [[nodiscard]] bool can_lock(Mode mode) const {
    try {
      const FolderLock lock(folder_.path(), file_, mode);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / ".lock";
};

TEST_F(FolderLockTest, KeepsOthersOutAndNamesItsHolder) {
  const FolderLock held(folder_.path(), file_, Mode::exclusive);
  EXPECT_FALSE(can_lock(Mode::shared));
  try {
    const FolderLock second(folder_.path(), file_, Mode::exclusive);
    FAIL() << "locked twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.file(), folder_.path().string());
    EXPECT_THAT(error.reason(), HasSubstr("in use by another run"));
    EXPECT_THAT(error.reason(), HasSubstr(std::to_string(::getpid())));
  }
}

TEST_F(FolderLockTest, SharedOnesLiveTogether) {
  const FolderLock one(folder_.path(), file_, Mode::shared);
  {
    const FolderLock two(folder_.path(), file_, Mode::shared);
    EXPECT_FALSE(can_lock(Mode::exclusive));
  }
  EXPECT_FALSE(can_lock(Mode::exclusive));
  EXPECT_TRUE(std::filesystem::exists(file_));
}

TEST_F(FolderLockTest, LeavesNoFile) {
  { const FolderLock held(folder_.path(), file_, Mode::exclusive); }
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_TRUE(can_lock(Mode::exclusive));
}

TEST_F(FolderLockTest, IsNeverHeldTwiceThoughTheFileComesAndGoes) {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> held = 0;
  const auto contend = [&] {
    for (int i = 0; i < 2000; ++i) {
      try {
        const FolderLock lock(folder_.path(), file_, Mode::exclusive);
        const int now = ++inside;
        if (now > most) most = now;
        ++held;
        --inside;
      } catch (const Error&) {
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(contend);
  }
  EXPECT_EQ(most, 1);
  EXPECT_GT(held, 0);
}

TEST_F(FolderLockTest, SaysWhyAFileCannotBeMade) {
  EXPECT_THROW(FolderLock(folder_.path(), folder_.path() / "no" / ".lock", Mode::exclusive), Error);
}

}  // namespace
}  // namespace normscope

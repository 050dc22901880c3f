#include "base/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

TEST(WriteAtomically, WritesTheContent) {
  const TemporaryFolder folder;
  const std::string content("two\nlines and a zero \0 byte", 27);
  write_atomically(folder.path() / "file.json", content);
  EXPECT_EQ(content_of(folder.path() / "file.json"), content);
  write_atomically(folder.path() / "empty", "");
  EXPECT_EQ(content_of(folder.path() / "empty"), "");
  EXPECT_EQ(names_in(folder.path()).size(), 2U);
}

TEST(WriteAtomically, TakesAPathWithoutAFolder) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write_atomically("file", "content");
  fs::current_path(before);
  EXPECT_EQ(content_of(folder.path() / "file"), "content");
}

TEST(WriteAtomically, ReplacesAFile) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("file", "old and longer");
  write_atomically(path, "new");
  EXPECT_EQ(content_of(path), "new");
}

TEST(WriteAtomically, ShowsTheOldFileUntilTheNewOneIsWhole) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("figure.png", "old");
  write_atomically(path, [&](const fs::path& aside) {
    std::ofstream(aside) << "half";
    EXPECT_EQ(aside.parent_path(), folder.path());
    EXPECT_EQ(aside.extension(), ".png");
    EXPECT_EQ(content_of(path), "old");
  });
  EXPECT_EQ(content_of(path), "half");
}

TEST(WriteAtomically, LeavesNothingOfAFailure) {
  const TemporaryFolder folder;
  const auto fail = [](const fs::path& aside) {
    std::ofstream(aside) << "half";
    throw std::logic_error("no more");
  };
  EXPECT_THROW(write_atomically(folder.path() / "file", fail), std::logic_error);
  EXPECT_THAT(names_in(folder.path()), IsEmpty());
  const fs::path path = folder.write("file", "old");
  EXPECT_THROW(write_atomically(path, fail), std::logic_error);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("file"));
  EXPECT_EQ(content_of(path), "old");
}

TEST(WriteAtomically, NamesTheFileThatCouldNotBeWritten) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "missing" / "file";
  try {
    write_atomically(path, "content");
    FAIL() << "wrote into a missing folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.file(), path);
    EXPECT_EQ(error.reason(), "No such file or directory");
  }
}

TEST(WriteAtomically, RefusesAFolderInItsPlace) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "taken";
  fs::create_directory(path);
  EXPECT_THROW(write_atomically(path, "content"), Error);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("taken"));
}

TEST(WriteAtomically, SaysWhenNothingWasWritten) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "file";
  EXPECT_THROW(write_atomically(path, [](const fs::path&) {}), Error);
  EXPECT_THAT(names_in(folder.path()), IsEmpty());
}

TEST(WriteAtomically, RefusesAnUnwritableFolder) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_THROW(write_atomically(folder.path() / "file", "content"), Error);
  fs::permissions(folder.path(), fs::perms::owner_all);
  EXPECT_THAT(names_in(folder.path()), IsEmpty());
}

// A limit on the file size stands in for a full disk: both show as a write that fails.
TEST(WriteAtomically, LeavesNothingWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{.rlim_cur = 4096, .rlim_max = before.rlim_max};
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string reason;
  try {
    write_atomically(folder.path() / "file", std::string(100'000, 'x'));
  } catch (const Error& error) {
    reason = error.reason();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(reason, "File too large");
  EXPECT_THAT(names_in(folder.path()), IsEmpty());
}

}  // namespace
}  // namespace normscope

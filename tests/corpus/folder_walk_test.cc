#include "corpus/folder_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

std::vector<std::string> walk(const std::string& folder) {
  std::vector<std::string> paths;
  FolderWalk files(folder);
  while (auto path = files.next()) paths.push_back(*path);
  return paths;
}

TEST(FolderWalk, GoesInByteOrderOfRelativePaths) {
  TemporaryFolder folder;
  for (const char* name :
       {"a/b", "a/B/c", "a-b", "a.txt", "ab", "B", "\xC3\xA9", "a/b2", "z/y/x"}) {
    folder.write(name, "");
  }
  const std::vector<std::string> paths = walk(folder.path());
  EXPECT_THAT(paths, testing::ElementsAre("B", "a-b", "a.txt", "a/B/c", "a/b", "a/b2", "ab",
                                          "z/y/x", "\xC3\xA9"));
  EXPECT_TRUE(std::ranges::is_sorted(paths));
}

TEST(FolderWalk, LeavesOutHiddenFilesAndFolders) {
  TemporaryFolder folder;
  folder.write(".hidden", "");
  folder.write(".git/config", "");
  folder.write("a/.b", "");
  folder.write("a/c", "");
  EXPECT_THAT(walk(folder.path()), testing::ElementsAre("a/c"));
}

TEST(FolderWalk, FollowsLinksToFilesButNotToFolders) {
  TemporaryFolder folder;
  folder.write("a/text", "");
  std::filesystem::create_symlink("text", folder.path() / "a/link");
  std::filesystem::create_directory_symlink("..", folder.path() / "a/loop");
  EXPECT_THAT(walk(folder.path()), testing::ElementsAre("a/link", "a/text"));
}

TEST(FolderWalk, KeepsLinksThatLeadNowhere) {
  TemporaryFolder folder;
  std::filesystem::create_symlink("missing", folder.path() / "dangling");
  std::filesystem::create_symlink("self", folder.path() / "self");
  EXPECT_THAT(walk(folder.path()), testing::ElementsAre("dangling", "self"));
}

TEST(FolderWalk, LeavesOutWhatIsNoRegularFile) {
  TemporaryFolder folder;
  folder.write("a", "");
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(walk(folder.path()), testing::ElementsAre("a"));
}

TEST(FolderWalk, ThrowsWhereThereIsNoFolder) {
  TemporaryFolder folder;
  EXPECT_THROW(FolderWalk(folder.path() / "missing"), Error);
}

}  // namespace
}  // namespace normscope

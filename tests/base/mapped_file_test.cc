#include "base/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

std::string_view text(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

std::string reason_to_refuse(const std::filesystem::path& path) {
  try {
    const MappedFile file(path);
    return "none";
  } catch (const Error& error) {
    EXPECT_EQ(error.file(), path);
    return error.reason();
  }
}

TEST(MappedFile, HoldsTheBytes) {
  const TemporaryFolder folder;
  const std::string content = std::string(10'000, 'x') + '\0' + "end";
  EXPECT_EQ(text(MappedFile(folder.write("file", content))), content);
}

TEST(MappedFile, MayBeEmpty) {
  const TemporaryFolder folder;
  EXPECT_TRUE(MappedFile(folder.write("empty", "")).bytes().empty());
}

TEST(MappedFile, KeepsItsBytesWhenMoved) {
  const TemporaryFolder folder;
  MappedFile first(folder.write("first", "1"));
  const std::byte* const address = first.bytes().data();
  MappedFile second(std::move(first));
  EXPECT_EQ(second.bytes().data(), address);
  MappedFile third(folder.write("third", "3"));
  third = std::move(second);
  EXPECT_EQ(third.bytes().data(), address);
  EXPECT_EQ(text(third), "1");
}

TEST(MappedFile, OutlivesTheNameOfItsFile) {
  const TemporaryFolder folder;
  const MappedFile file(folder.write("file", "content"));
  std::filesystem::remove(folder.path() / "file");
  EXPECT_EQ(text(file), "content");
}

TEST(MappedFile, RefusesWhatIsNotARegularFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(reason_to_refuse(folder.path() / "missing"), "No such file or directory");
  EXPECT_EQ(reason_to_refuse(folder.path()), "Is a directory");
  EXPECT_EQ(reason_to_refuse("/dev/zero"), "is not a regular file");
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(reason_to_refuse(pipe), "is not a regular file");
}

TEST(MappedFile, IsFoundByItsAddressesAsLongAsItIsMapped) {
  const TemporaryFolder folder;
  const auto path = folder.write("found", "content");
  const std::byte* begin = nullptr;
  {
    const MappedFile file(path);
    const MappedFile copy(path);
    begin = file.bytes().data();
    ASSERT_NE(mapped_file_at(begin + 6), nullptr);
    EXPECT_EQ(mapped_file_at(begin + 6), path);
    EXPECT_EQ(mapped_file_at(begin + 7), nullptr);
    EXPECT_EQ(mapped_file_at(begin - 1), nullptr);
  }
  EXPECT_EQ(mapped_file_at(begin), nullptr);
}

TEST(MappedFile, MoreThanCanBeFoundAreMappedAllTheSame) {
  const TemporaryFolder folder;
  const auto path = folder.write("found", "content");
  std::vector<MappedFile> files;
  for (int i = 0; i < 100; ++i) files.emplace_back(path);
  EXPECT_EQ(text(files.back()), "content");
  EXPECT_NE(mapped_file_at(files.front().bytes().data()), nullptr);
}

}  // namespace
}  // namespace normscope

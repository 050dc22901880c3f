#include "corpus/byte_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

TEST(ByteSource, ReadsAndHashesWhatIsThere) {
  TemporaryFolder folder;
  ByteSource source(folder.write("a", "abc"));
  std::array<char, 2> block{};
  std::string text;
  while (const std::size_t count = source.read(block)) text.append(block.data(), count);
  EXPECT_EQ(text, "abc");
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(source.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ByteSource, NamesAMissingFile) {
  TemporaryFolder folder;
  const std::string missing = folder.path() / "missing";
  try {
    const ByteSource source(missing);
    FAIL() << "a missing file was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.file(), missing);
    EXPECT_THAT(error.what(), testing::HasSubstr("No such file"));
  }
}

TEST(ByteSource, NamesAnErrorWhileReading) {
  TemporaryFolder folder;
  ByteSource source(folder.path());  // opens, but a folder has no bytes
  std::array<char, 2> block{};
  EXPECT_THROW(source.read(block), Error);
}

}  // namespace
}  // namespace normscope

#include "base/sha256.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

// The examples of FIPS 180-2, appendix B.
TEST(Sha256, FollowsTheStandard) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesMakeTheWholeAndFinishStartsAnew) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");
  EXPECT_EQ(hash.finish(), sha256("abc"));
  EXPECT_EQ(hash.finish(), sha256(""));
  hash.update("abc");
  Sha256 moved = std::move(hash);
  EXPECT_EQ(moved.finish(), sha256("abc"));
}

TEST(Sha256OfFile, IsThatOfItsBytes) {
  const TemporaryFolder folder;
  // Longer than one read, and of no round size.
  const std::string content = std::string(3'000'001, 'x') + std::string(1, '\0') + "end";
  EXPECT_EQ(sha256_of_file(folder.write("file", content)), sha256(content));
  EXPECT_EQ(sha256_of_file(folder.write("empty", "")), sha256(""));
}

TEST(Sha256OfFile, NamesAFileThatCannotBeRead) {
  const TemporaryFolder folder;
  try {
    sha256_of_file(folder.path() / "missing");
    FAIL() << "read a missing file";
  } catch (const Error& error) {
    EXPECT_EQ(error.file(), folder.path() / "missing");
    EXPECT_EQ(error.reason(), "No such file or directory");
  }
  EXPECT_THROW(sha256_of_file(folder.path()), Error);
}

}  // namespace
}  // namespace normscope

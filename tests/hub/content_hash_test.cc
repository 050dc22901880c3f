#include "hub/content_hash.h"

#include <gtest/gtest.h>

#include <string>

#include "temporary_folder.h"

namespace normscope {
namespace {

TEST(ContentHashTest, GitsAndLfs) {
  const TemporaryFolder folder;
  const std::string sha1(40, '0');
  const std::string sha256(64, '0');
  // As `git hash-object` and `sha256sum` give them.
  const auto hello = folder.write("hello", "hello\n");
  EXPECT_EQ(content_hash(hello, sha1), "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_EQ(content_hash(hello, sha256),
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
  const auto empty = folder.write("empty", "");
  EXPECT_EQ(content_hash(empty, sha1), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

TEST(ContentHashTest, NothingElseIsAHash) {
  EXPECT_TRUE(is_content_hash(std::string(40, 'a')));
  EXPECT_TRUE(is_content_hash(std::string(64, '9')));
  for (const std::string& etag : {std::string(), std::string(32, 'a'), std::string(40, 'A'),
                                  std::string(40, '/'), "../" + std::string(37, 'a')}) {
    EXPECT_FALSE(is_content_hash(etag)) << etag;
  }
}

}  // namespace
}  // namespace normscope

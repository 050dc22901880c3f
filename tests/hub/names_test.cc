#include "hub/names.h"

#include <gtest/gtest.h>

#include <string>

namespace normscope {
namespace {

using namespace std::string_literals;

TEST(NamesTest, RepositoryNamesAreTheHubs) {
  for (const char* const name :
       {"gpt2", "bert-base-uncased", "org/name", "a/b.c_d-e", "0/1", "_a"}) {
    EXPECT_TRUE(is_repository_name(name)) << name;
  }
  for (const std::string& name :
       {""s,     "/"s,    "a/"s,     "/a"s,    "a/b/c"s, ".."s,   "../a"s,
        "a/.."s, "a--b"s, "a/b--c"s, "-a"s,    "a-"s,    ".a"s,   "a."s,
        "a b"s,  "a\0b"s, "ä"s,      "a.git"s, "a\nb"s,  "a\\b"s, std::string(97, 'a')}) {
    EXPECT_FALSE(is_repository_name(name)) << name;
  }
}

TEST(NamesTest, RevisionsAreGits) {
  for (const char* const revision :
       {"main", "v1.0", "refs/pr/1", "refs/convert/parquet", "feature/a-b_c", "0123456789abcdef"}) {
    EXPECT_TRUE(is_revision(revision)) << revision;
  }
  for (const std::string& revision : {""s,
                                      "/main"s,
                                      "main/"s,
                                      "a//b"s,
                                      ".."s,
                                      "../main"s,
                                      "a/../b"s,
                                      "a/.b"s,
                                      "a b"s,
                                      "a\nb"s,
                                      "a\0b"s,
                                      "a:b"s,
                                      "a~1"s,
                                      "a^"s,
                                      "a?"s,
                                      "a*"s,
                                      "a[b"s,
                                      "a\\b"s,
                                      "a@{1}"s,
                                      "a.lock"s,
                                      "a."s,
                                      "\xff"s,
                                      std::string(256, 'a')}) {
    EXPECT_FALSE(is_revision(revision)) << revision;
  }
}

TEST(NamesTest, PathsStayInTheirFolder) {
  for (const char* const path :
       {"config.json", "a/b/c.parquet", "a b", "ä/ö", "...", "a..b", ".hidden"}) {
    EXPECT_TRUE(is_safe_path(path)) << path;
  }
  for (const std::string& path :
       {""s, "/a"s, "a/"s, "a//b"s, "."s, ".."s, "../a"s, "a/../../b"s, "a/./b"s, "a\\b"s, "a\0b"s,
        "a\nb"s, "\x1b[2J"s, "\xff"s, std::string(256, 'a'), std::string(2000, '/')}) {
    EXPECT_FALSE(is_safe_path(path)) << path;
  }
}

TEST(NamesTest, CommitsAreFortyLowerCaseDigits) {
  EXPECT_TRUE(is_commit(std::string(40, 'a')));
  EXPECT_FALSE(is_commit(std::string(40, 'A')));
  EXPECT_FALSE(is_commit(std::string(39, 'a')));
  EXPECT_FALSE(is_commit(std::string(40, 'g')));
}

TEST(NamesTest, UrlsAreEncoded) {
  EXPECT_EQ(url_encoded("refs/convert/parquet"), "refs%2Fconvert%2Fparquet");
  EXPECT_EQ(url_encoded("a b/ä?#%", "/"), "a%20b/%C3%A4%3F%23%25");
  EXPECT_EQ(url_encoded("Az09-._~"), "Az09-._~");
}

}  // namespace
}  // namespace normscope

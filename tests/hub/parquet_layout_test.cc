#include "hub/parquet_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "normscope/error.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Case {
  const char* path;
  const char* config;
  const char* split;
};

TEST(ParquetLayoutTest, UsualLayouts) {
  for (const Case& expected :
       std::vector<Case>{{"data/train-00000-of-00002.parquet", "default", "train"},
                         {"data/train-00000-of-00001-a09b74b3ef9c3b56.parquet", "default", "train"},
                         {"wikitext-103-v1/test-00000-of-00001.parquet", "wikitext-103-v1", "test"},
                         {"data/en/dev-set-00003-of-00010.parquet", "en", "dev-set"},
                         {"plain_text/train/0000.parquet", "plain_text", "train"},
                         {"plain_text/partial-train/0012.parquet", "plain_text", "partial-train"},
                         {"train/0.parquet", "default", "train"},
                         {"train.parquet", "default", "train"},
                         {"a/b/test.parquet", "a/b", "test"},
                         {"0000.parquet", "default", "0000"},
                         {"-of-.parquet", "default", "-of-"},
                         {"train-of-2.parquet", "default", "train-of-2"},
                         {"train-00000-of-99999999999999999999999.parquet", "default",
                          "train-00000-of-99999999999999999999999"}}) {
    const auto files = parquet_files({expected.path});
    ASSERT_EQ(files.size(), 1) << expected.path;
    EXPECT_EQ(files[0].path, expected.path);
    EXPECT_EQ(files[0].config, expected.config) << expected.path;
    EXPECT_EQ(files[0].split, expected.split) << expected.path;
  }
  EXPECT_TRUE(parquet_files({"README.md", "a.parquet.gz", "parquet"}).empty());
}

std::string refusal(const std::vector<std::string>& paths, const std::string& config,
                    const std::string& split) {
  try {
    choose_files(parquet_files(paths), config, split, "org/name");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ParquetLayoutTest, Defaults) {
  const std::vector<std::string> paths = {"data/test.parquet", "data/train-00000-of-00002.parquet",
                                          "data/train-00001-of-00002.parquet", "fr/all.parquet"};
  const auto files = parquet_files(paths);
  EXPECT_THAT(choose_files(files, "", "", "n"), ElementsAre(paths[1], paths[2]));
  EXPECT_THAT(choose_files(files, "default", "test", "n"), ElementsAre(paths[0]));
  EXPECT_THAT(choose_files(files, "fr", "", "n"), ElementsAre(paths[3]));
}

TEST(ParquetLayoutTest, WhatIsNotThereIsAnsweredWithWhatIs) {
  const std::vector<std::string> paths = {"de/train.parquet", "en/a.parquet", "en/b.parquet"};
  EXPECT_THAT(refusal(paths, "", ""), HasSubstr("more than one config, choose de, en"));
  EXPECT_THAT(refusal(paths, "fr", ""), HasSubstr("no config 'fr', but de, en"));
  EXPECT_THAT(refusal(paths, "en", ""), HasSubstr("more than one split, choose a, b"));
  EXPECT_THAT(refusal(paths, "en", "c"), HasSubstr("no split 'c', but a, b"));
  EXPECT_THAT(refusal({}, "", ""), HasSubstr("no Parquet files"));
}

TEST(ParquetLayoutTest, MissingShardIsRefused) {
  EXPECT_THAT(refusal({"train-00000-of-00003.parquet", "train-00002-of-00003.parquet"}, "", ""),
              HasSubstr("2 of its 3 shards"));
}

}  // namespace
}  // namespace normscope

#include "hub/listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "hub/bad_answer.h"

namespace normscope {
namespace {

using nlohmann::json;

json description() {
  const std::string sha(40, 'a');
  return {{"sha", sha},
          {"siblings",
           {{{"rfilename", "b.parquet"},
             {"size", 9},
             {"blobId", sha},
             {"lfs", {{"sha256", std::string(64, 'b')}, {"size", 900}, {"pointerSize", 130}}}},
            {{"rfilename", "a/c.json"}, {"size", 2}, {"blobId", sha}}}}};
}

TEST(ListingTest, FilesAndTree) {
  const Listing listing = read_listing(description().dump());
  EXPECT_EQ(listing.commit, std::string(40, 'a'));
  EXPECT_THAT(listing.files, testing::ElementsAre("a/c.json", "b.parquet"));
  const json tree = json::parse(listing.tree);
  EXPECT_EQ(tree["format_version"], 1);
  EXPECT_EQ(tree["files"]["b.parquet"]["lfs_size"], 900);
}

TEST(ListingTest, TreeIsLeftOutWhereSizesAreNotTold) {
  json told_less = description();
  told_less["siblings"][0].erase("size");
  const Listing listing = read_listing(told_less.dump());
  EXPECT_EQ(listing.files.size(), 2);
  EXPECT_EQ(listing.tree, "");
}

TEST(ListingTest, OthersAreRefused) {
  for (const char* const text : {"", "[]", "<html>", "{}", R"({"sha": 1, "siblings": []})"}) {
    EXPECT_THROW(read_listing(text), BadAnswer) << text;
  }
  json hostile = description();
  hostile["siblings"][0]["rfilename"] = "../b.parquet";
  EXPECT_THROW(read_listing(hostile.dump()), BadAnswer);
}

}  // namespace
}  // namespace normscope

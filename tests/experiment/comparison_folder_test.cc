#include "experiment/comparison_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

constexpr const char* kComparison = R"({"schema_version": 1, "runs": [], "pairs": []})";

class ComparisonFolderTest : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "comparison";
};

TEST_F(ComparisonFolderTest, MakesTheFolderAndTakesItAwayEmpty) {
  { const ComparisonFolder folder(path_, false); }
  EXPECT_FALSE(std::filesystem::exists(path_));
  {
    const ComparisonFolder folder(path_, false);
    folder_.write("comparison/compare.json", kComparison);
  }
  EXPECT_TRUE(std::filesystem::exists(path_ / "compare.json"));
}

TEST_F(ComparisonFolderTest, OneAtATime) {
  const ComparisonFolder first(path_, false);
  EXPECT_THROW(ComparisonFolder(path_, true), Error);
}

TEST_F(ComparisonFolderTest, ReplacesAComparisonWhenItIsTold) {
  folder_.write("comparison/compare.json", kComparison);
  folder_.write("comparison/figure-compare.svg", "old");
  folder_.write("comparison/notes.md", "mine");
  EXPECT_THROW(ComparisonFolder(path_, false), Error);
  EXPECT_EQ(content_of(path_ / "figure-compare.svg"), "old");
  { const ComparisonFolder folder(path_, true); }
  EXPECT_FALSE(std::filesystem::exists(path_ / "compare.json"));
  EXPECT_FALSE(std::filesystem::exists(path_ / "figure-compare.svg"));
  EXPECT_EQ(content_of(path_ / "notes.md"), "mine");
}

TEST_F(ComparisonFolderTest, KnowsWhatAKilledReplacementHasLeft) {
  // compare.json goes last.
  folder_.write("comparison/compare.json", kComparison);
  folder_.write("comparison/figure-compare.pdf", "old");
  { const ComparisonFolder folder(path_, true); }
  EXPECT_TRUE(std::filesystem::is_empty(path_));
}

TEST_F(ComparisonFolderTest, NeverTouchesForeignFiles) {
  for (const char* name : {"comparison/compare.md", "comparison/compare.json"}) {
    const auto file = folder_.write(name, "mine");
    for (const bool overwrite : {false, true}) {
      EXPECT_THROW(ComparisonFolder(path_, overwrite), Error);
    }
    EXPECT_EQ(content_of(file), "mine");
    std::filesystem::remove(file);
  }
}

}  // namespace
}  // namespace normscope

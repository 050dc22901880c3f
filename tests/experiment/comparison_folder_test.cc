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

TEST_F(ComparisonFolderTest, MakesTheFolder) {
  EXPECT_TRUE(claim_comparison_folder(path_, false));
  EXPECT_FALSE(claim_comparison_folder(path_, false));
}

TEST_F(ComparisonFolderTest, ReplacesAComparisonWhenItIsTold) {
  folder_.write("comparison/compare.json", kComparison);
  folder_.write("comparison/figure-compare.svg", "old");
  folder_.write("comparison/notes.md", "mine");
  EXPECT_THROW(claim_comparison_folder(path_, false), Error);
  EXPECT_EQ(content_of(path_ / "figure-compare.svg"), "old");
  claim_comparison_folder(path_, true);
  EXPECT_FALSE(std::filesystem::exists(path_ / "compare.json"));
  EXPECT_FALSE(std::filesystem::exists(path_ / "figure-compare.svg"));
  EXPECT_EQ(content_of(path_ / "notes.md"), "mine");
}

TEST_F(ComparisonFolderTest, KnowsWhatAKilledReplacementHasLeft) {
  // compare.json goes last.
  folder_.write("comparison/compare.json", kComparison);
  folder_.write("comparison/figure-compare.pdf", "old");
  claim_comparison_folder(path_, true);
  EXPECT_TRUE(std::filesystem::is_empty(path_));
}

TEST_F(ComparisonFolderTest, NeverTouchesForeignFiles) {
  for (const char* name : {"comparison/compare.md", "comparison/compare.json"}) {
    const auto file = folder_.write(name, "mine");
    for (const bool overwrite : {false, true}) {
      EXPECT_THROW(claim_comparison_folder(path_, overwrite), Error);
    }
    EXPECT_EQ(content_of(file), "mine");
    std::filesystem::remove(file);
  }
}

}  // namespace
}  // namespace normscope

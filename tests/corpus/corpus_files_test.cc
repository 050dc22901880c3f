#include "corpus/corpus_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_texts.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CorpusFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"b.txt", "a/2.txt", "a/1.csv", "a/deep/3.txt", "c.csv", "B.txt"}) {
      folder_.write(name, "");
    }
  }
  std::vector<std::string> names(const std::string& source) {
    std::vector<std::string> found;
    CorpusFiles files(source);
    while (const auto file = files.next()) {
      EXPECT_TRUE(std::filesystem::exists(file->path)) << file->path;
      found.push_back(file->name);
    }
    return found;
  }
  TemporaryFolder folder_;
};

TEST_F(CorpusFilesTest, AreOneFile) {
  const std::string path = folder_.path() / "b.txt";
  EXPECT_THAT(names(path), ElementsAre(path));
  EXPECT_TRUE(CorpusFiles(path).single());
  EXPECT_TRUE(CorpusFiles("-").single());
  EXPECT_EQ(CorpusFiles("missing").next()->path, "missing");  // for the reader to say so
}

TEST_F(CorpusFilesTest, AreThoseBelowAFolder) {
  for (const char* slash : {"", "/"}) {
    EXPECT_THAT(names(folder_.path().string() + slash),
                ElementsAre("B.txt", "a/1.csv", "a/2.txt", "a/deep/3.txt", "b.txt", "c.csv"));
  }
}

TEST_F(CorpusFilesTest, AreTheChosenOnesOfAFolder) {
  CorpusFiles files(folder_.path(), {"c.csv", "a/2.txt"});
  EXPECT_EQ(files.next()->name, "c.csv");
  EXPECT_EQ(files.next()->path, folder_.path() / "a/2.txt");
  EXPECT_FALSE(files.next());
  EXPECT_FALSE(files.single());
}

TEST_F(CorpusFilesTest, AreThoseThatAPatternMatches) {
  const std::string folder = folder_.path();
  EXPECT_THAT(names(folder + "/*.txt"), ElementsAre("B.txt", "b.txt"));
  EXPECT_THAT(names(folder + "/[ac]*"), ElementsAre("a/1.csv", "a/2.txt", "a/deep/3.txt", "c.csv"));
  EXPECT_THAT(names(folder + "/?/*.csv"), ElementsAre("a/1.csv"));
  EXPECT_FALSE(CorpusFiles(folder + "/*.txt").single());
  EXPECT_THAT(error_of([&] { names(folder + "/*.json"); }), HasSubstr("matches no file"));
}

TEST_F(CorpusFilesTest, TakeAPathThatExistsForNoPattern) {
  const std::string path = folder_.write("[b].txt", "");
  EXPECT_THAT(names(path), ElementsAre(path));
}

}  // namespace
}  // namespace normscope

#include "experiment/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "normscope/results.h"
#include "results/run_files.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Json = nlohmann::json;

const Identity kRun{{"corpus", "c0"}, {"model", "m0"}, {"seed", "0"}};
const Identity kOther{{"corpus", "c0"}, {"model", "m0"}, {"seed", "1"}};

class RunFolderTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "run"; }

  [[nodiscard]] RunFolderOptions options(bool overwrite = false) const {
    return {.wanted = path(), .default_name = {}, .overwrite = overwrite};
  }

  static RunClaim claim(const Identity& identity) {
    return {.identity = identity, .files = run_files({}, {.layers = true})};
  }

  /// What is in the folder, files and their contents.
  [[nodiscard]] std::set<std::string> contents() const {
    std::set<std::string> found;
    if (!std::filesystem::exists(path())) return found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path())) {
      const std::string name = std::filesystem::relative(entry.path(), path());
      found.insert(entry.is_directory() ? name + "/" : name + "=" + content_of(entry.path()));
    }
    return found;
  }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path())) {
      found.insert(entry.path().filename());
    }
    return found;
  }

  void write_results(const Identity& identity,
                     std::vector<std::string> files = run_files({}, {.layers = true}),
                     int version = 4) const {
    Results results;
    results.manifest.version = "0.1.0";
    results.manifest.identity = identity;
    results.manifest.files = std::move(files);
    std::filesystem::create_directories(path());
    normscope::write_results(path(), results);
    Json json = Json::parse(content_of(path() / "results.json"));
    json["schema_version"] = version;
    folder_.write("run/results.json", json.dump());
  }

  void write_finished(const Identity& identity) const {
    write_results(identity);
    for (const char* name : {"measurements.parquet", "report.html", "figure-layers.png"}) {
      folder_.write(std::string("run/") + name, "old");
    }
  }

  void write_unfinished(const Identity& identity) const {
    const RunFolder started(options(), claim(identity));
    started_shard();
  }

  void started_shard() const { folder_.write("run/shards/00000000.parquet", "a shard"); }

  /// The error of a claim, which must have left everything as it was.
  [[nodiscard]] std::string refusal(const Identity& identity, bool overwrite = false) const {
    const std::set<std::string> before = contents();
    std::string text;
    try {
      const RunFolder refused(options(overwrite), claim(identity));
      ADD_FAILURE() << "was not refused";
    } catch (const Error& error) {
      text = error.what();
    }
    EXPECT_EQ(contents(), before);
    return text;
  }

  const TemporaryFolder folder_;
};

TEST_F(RunFolderTest, LeavesNothingOfARunWithoutAShard) {
  {
    const RunFolder folder(options(), claim(kRun));
    EXPECT_FALSE(folder.holds_finished_run());
    EXPECT_EQ(read_identity(folder.shards()), kRun);
  }
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(RunFolderTest, AFinishedShardStaysAndTheRunGoesOn) {
  write_unfinished(kRun);
  EXPECT_THAT(names(), UnorderedElementsAre("shards"));
  const RunFolder again(options(), claim(kRun));
  EXPECT_FALSE(again.holds_finished_run());
  EXPECT_TRUE(std::filesystem::exists(again.shards() / "00000000.parquet"));
}

TEST_F(RunFolderTest, ShardsGoWhenTheRunIsFinished) {
  {
    RunFolder folder(options(), claim(kRun));
    started_shard();
    folder_.write("run/shards/00000000.vectors", "vectors");
    folder_.write("run/shards/part-1-of-2.json", "{}");
    write_finished(kRun);
    folder.remove_shards();
  }
  EXPECT_THAT(names(), UnorderedElementsAre("results.json", "measurements.parquet", "report.html",
                                            "figure-layers.png"));
}

TEST_F(RunFolderTest, ForeignFilesAreRefusedByNameAndNeverTouched) {
  for (const char* name : {"report.md", "figure.png", "measurements.parquet", "grid.csv"}) {
    const auto file = folder_.write(std::string("run/") + name, "mine");
    EXPECT_THAT(refusal(kRun), HasSubstr(name));
    EXPECT_THAT(refusal(kRun, true), HasSubstr(name));
    std::filesystem::remove(file);
  }
  folder_.write("run/notes.txt", "mine");
  { const RunFolder folder(options(), claim(kRun)); }
  EXPECT_THAT(contents(), UnorderedElementsAre("notes.txt=mine"));
}

TEST_F(RunFolderTest, AForeignShardsFolderIsRefusedAndNeverTouched) {
  folder_.write("run/shards/train/000.tar", "mine");
  EXPECT_THAT(refusal(kRun), HasSubstr("shards"));
  EXPECT_THAT(refusal(kRun, true), HasSubstr("not made by normscope"));
  std::filesystem::remove_all(path());
  folder_.write("run/shards/00000000.parquet", "mine");
  EXPECT_THAT(refusal(kRun), HasSubstr("not made by normscope"));
  std::filesystem::remove_all(path());
  folder_.write("run/shards", "a file");
  EXPECT_THAT(refusal(kRun), HasSubstr("not a folder"));
}

TEST_F(RunFolderTest, WhatSomebodyPutAmongTheShardsStays) {
  {
    RunFolder folder(options(), claim(kRun));
    started_shard();
    folder_.write("run/shards/notes.txt", "mine");
    folder_.write("run/shards/1.parquet", "mine");
    folder.remove_shards();
  }
  EXPECT_THAT(contents(),
              UnorderedElementsAre("shards/", "shards/notes.txt=mine", "shards/1.parquet=mine"));
}

TEST_F(RunFolderTest, TheSameRunFinishedIsLeftAlone) {
  write_finished(kRun);
  const std::set<std::string> before = contents();
  {
    const RunFolder folder(options(), claim(kRun));
    EXPECT_TRUE(folder.holds_finished_run());
  }
  EXPECT_EQ(contents(), before);
}

TEST_F(RunFolderTest, AnotherRunIsRefusedWithWhatDiffers) {
  write_finished(kRun);
  EXPECT_THAT(refusal(kOther), AllOf(HasSubstr("another run, finished, whose seed is 0, not 1"),
                                     HasSubstr("overwrite it")));
  std::filesystem::remove_all(path());
  write_unfinished(kRun);
  EXPECT_THAT(refusal(kOther), HasSubstr("another run, unfinished, whose seed is 0, not 1"));
  // Nobody compares two hashes by eye.
  Identity corpus = kRun;
  corpus["corpus"] = "c1";
  EXPECT_THAT(refusal(corpus), HasSubstr("whose corpus is another one, or has changed since"));
}

TEST_F(RunFolderTest, OverwritingRemovesAllThatTheOldRunListsAndNothingElse) {
  write_finished(kRun);
  folder_.write("run/vectors.layer2.cls.npy", "old");
  folder_.write("run/notes.txt", "mine");
  Json files = run_files({}, {.layers = true});
  files.push_back("vectors.layer2.cls.npy");
  files.push_back("notes.txt");  // A list is not believed about names that no run writes.
  files.push_back("../outside.txt");
  const auto outside = folder_.write("outside.txt", "mine");
  write_results(kRun, files);
  {
    const RunFolder folder(options(true), claim(kOther));
    EXPECT_FALSE(folder.holds_finished_run());
    EXPECT_THAT(names(), UnorderedElementsAre("notes.txt", "shards", ".normscope.lock"));
  }
  EXPECT_THAT(names(), UnorderedElementsAre("notes.txt"));
  EXPECT_TRUE(std::filesystem::exists(outside));
}

TEST_F(RunFolderTest, OverwritesTheSameRunAndAnUnfinishedOne) {
  write_finished(kRun);
  { const RunFolder folder(options(true), claim(kRun)); }
  EXPECT_FALSE(std::filesystem::exists(path() / "results.json"));
  write_unfinished(kOther);
  {
    const RunFolder folder(options(true), claim(kRun));
    EXPECT_EQ(read_identity(folder.shards()), kRun);
    EXPECT_FALSE(std::filesystem::exists(folder.shards() / "00000000.parquet"));
  }
}

TEST_F(RunFolderTest, OverwritingGoesOnWhereItWasKilled) {
  write_finished(kRun);
  {
    const RunFolder folder(options(true), claim(kOther));
    started_shard();
  }
  const RunFolder folder(options(true), claim(kOther));
  EXPECT_TRUE(std::filesystem::exists(folder.shards() / "00000000.parquet"));
}

TEST_F(RunFolderTest, AClaimBesideTheOldResultsHarmsNeither) {
  // Killed after the claim, before results.json went.
  write_finished(kRun);
  folder_.write("run/shards/run.json", Json{{"identity", kOther},
                                            {"files", run_files({})},
                                            {"leftover", {"results.json", "report.html"}}}
                                           .dump());
  EXPECT_THAT(refusal(kOther), HasSubstr("another run, finished"));
  {
    const RunFolder old(options(), claim(kRun));
    EXPECT_TRUE(old.holds_finished_run());
  }
  const RunFolder folder(options(true), claim(kOther));
  EXPECT_THAT(names(), UnorderedElementsAre("shards", ".normscope.lock"));
}

TEST_F(RunFolderTest, AClaimThatWasNeverWrittenIsNobodys) {
  // Killed while it wrote shards/run.json.
  write_finished(kRun);
  folder_.write("run/shards/.run.12.partial.json", "{");
  {
    const RunFolder old(options(), claim(kRun));
    EXPECT_TRUE(old.holds_finished_run());
  }
  const RunFolder folder(options(true), claim(kOther));
  EXPECT_FALSE(std::filesystem::exists(folder.shards() / ".run.12.partial.json"));
}

TEST_F(RunFolderTest, WhatAMergeHasWrittenKeepsItsClaim) {
  {
    const RunFolder merging(options(), claim(kRun));
    folder_.write("run/measurements.parquet", "new");
  }
  const RunFolder again(options(), claim(kRun));
  EXPECT_FALSE(again.holds_finished_run());
}

TEST_F(RunFolderTest, PartsOfAFinishedRunStayForAMergeElsewhere) {
  {
    const RunFolder folder(options(), claim(kRun));
    started_shard();
    folder_.write("run/shards/part-1-of-2.json", "{}");
    write_finished(kRun);
  }
  const RunFolder again(options(), claim(kRun));
  EXPECT_TRUE(again.holds_finished_run());
  EXPECT_TRUE(std::filesystem::exists(again.shards() / "00000000.parquet"));
}

TEST_F(RunFolderTest, OtherInputThatCanBeReadOnceReplacesAnUnfinishedRun) {
  Identity stream = kRun;
  stream["corpus"] = kReadOnce;
  write_unfinished(stream);
  { const RunFolder same(options(), claim(stream)); }
  EXPECT_TRUE(std::filesystem::exists(path() / "shards" / "00000000.parquet"));
  const RunFolder other(options(true), claim(stream));
  EXPECT_FALSE(std::filesystem::exists(path() / "shards" / "00000000.parquet"));
}

TEST_F(RunFolderTest, OldResultsAreNeverBelievedOfWhatIsLeftOfThem) {
  // Killed after results.json went, before the other files did.
  folder_.write("run/measurements.parquet", "old");
  folder_.write("run/figure-layers.png", "old");
  folder_.write("run/shards/run.json",
                Json{{"identity", kOther},
                     {"files", run_files({})},
                     {"leftover", {"measurements.parquet", "figure-layers.png"}}}
                    .dump());
  EXPECT_THAT(refusal(kRun), HasSubstr("unfinished"));
  const RunFolder folder(options(), claim(kOther));
  EXPECT_THAT(names(), UnorderedElementsAre("shards", ".normscope.lock"));
}

TEST_F(RunFolderTest, ARunWithoutItsPageGoesOn) {
  // Killed between the results and the page, the shards still there.
  {
    const RunFolder folder(options(), claim(kRun));
    started_shard();
    write_results(kRun);
    folder_.write("run/measurements.parquet", "new");
  }
  const RunFolder folder(options(), claim(kRun));
  EXPECT_FALSE(folder.holds_finished_run());
  EXPECT_TRUE(std::filesystem::exists(folder.shards() / "00000000.parquet"));
  EXPECT_FALSE(std::filesystem::exists(path() / "results.json"));
}

TEST_F(RunFolderTest, ShardsOfAFinishedRunGoWhenItIsAskedForAgain) {
  {
    const RunFolder folder(options(), claim(kRun));
    started_shard();
    write_finished(kRun);
  }
  const RunFolder folder(options(), claim(kRun));
  EXPECT_TRUE(folder.holds_finished_run());
  EXPECT_FALSE(std::filesystem::exists(folder.shards()));
}

TEST_F(RunFolderTest, WhatCanBeReadOnlyOnceIsNeverTheSame) {
  Identity stream = kRun;
  stream["corpus"] = kReadOnce;
  write_finished(stream);
  EXPECT_THAT(refusal(stream), HasSubstr("read only once"));
}

TEST_F(RunFolderTest, ResultsOfOthersAreRefused) {
  for (const char* content :
       {"", "[]", "{}", R"({"schema_version": 4})",
        R"({"schema_version": 4, "manifest": {"identity": 3, "files": []}})"}) {
    folder_.write("run/results.json", content);
    EXPECT_THAT(refusal(kRun), HasSubstr("results.json")) << content;
    EXPECT_THAT(refusal(kRun, true), HasSubstr("results.json")) << content;
  }
  write_results(kRun, run_files({}), 2);
  EXPECT_THAT(refusal(kRun, true), HasSubstr("was written by normscope 0.1.0"));
}

TEST_F(RunFolderTest, ClaimsOfOthersAreRefused) {
  for (const char* content :
       {"", "[]", "{}", R"({"identity": {"a": 1}, "files": [], "leftover": []})"}) {
    folder_.write("run/shards/run.json", content);
    EXPECT_THAT(refusal(kRun), HasSubstr("run.json")) << content;
    EXPECT_THROW((void)read_identity(path() / "shards"), Error);
  }
  EXPECT_THROW((void)read_identity(path()), Error);
}

TEST_F(RunFolderTest, OneRunAtATime) {
  const RunFolder first(options(), claim(kRun));
  EXPECT_THAT(refusal(kRun), HasSubstr("in use by another run"));
  EXPECT_THAT(refusal(kOther, true), HasSubstr("in use by another run"));
  EXPECT_EQ(read_identity(first.shards()), kRun);
}

TEST_F(RunFolderTest, AReportKeepsRunsOut) {
  write_finished(kRun);
  const FolderLock report(path(), lock_file(path()), FolderLock::Mode::exclusive);
  EXPECT_THAT(refusal(kOther, true), HasSubstr("in use"));
}

TEST_F(RunFolderTest, PartsOfAnotherCutAreRefused) {
  const auto part = [&](std::uint64_t parts) {
    RunFolderOptions of_part = options();
    of_part.parts = parts;
    return of_part;
  };
  folder_.write("run/shards/part-1-of-3.json", "{}");
  folder_.write(
      "run/shards/run.json",
      Json{{"identity", kRun}, {"files", run_files({})}, {"leftover", Json::array()}}.dump());
  EXPECT_NO_THROW(RunFolder(part(3), claim(kRun)));
  EXPECT_THROW(RunFolder(part(2), claim(kRun)), Error);
}

TEST_F(RunFolderTest, AForeignLockFileIsRefusedAndNeverTouched) {
  const auto mine = folder_.write("mine.txt", "mine");
  std::filesystem::create_directories(path());
  std::filesystem::create_symlink(mine, path() / ".normscope.lock");
  EXPECT_THROW(RunFolder(options(), claim(kRun)), Error);
  EXPECT_EQ(content_of(mine), "mine");
  std::filesystem::remove(path() / ".normscope.lock");
  folder_.write("run/.normscope.lock", "mine");
  EXPECT_THAT(refusal(kRun), HasSubstr("did not write it"));
}

TEST_F(RunFolderTest, PartsOfOneRunShareItsFolder) {
  const auto part = [&](std::uint64_t number) {
    RunFolderOptions of_part = options();
    of_part.part = number;
    of_part.parts = 3;
    return of_part;
  };
  {
    const RunFolder one(part(0), claim(kRun));
    const RunFolder two(part(1), claim(kRun));
    EXPECT_THROW(RunFolder(part(1), claim(kRun)), Error);
    EXPECT_THROW(RunFolder(part(2), claim(kOther)), Error);
    RunFolderOptions overwriting = part(2);
    overwriting.overwrite = true;
    started_shard();
    EXPECT_THROW(RunFolder(overwriting, claim(kOther)), Error);
    EXPECT_TRUE(std::filesystem::exists(one.shards() / "00000000.parquet"));
    EXPECT_THAT(refusal(kRun), HasSubstr("in use"));
  }
  EXPECT_EQ(read_identity(path() / "shards"), kRun);
  EXPECT_THAT(names(), UnorderedElementsAre("shards"));
}

TEST_F(RunFolderTest, RemovesWhatAKilledRunWasWriting) {
  write_unfinished(kRun);
  for (const char* name : {"run/.results.12.partial.json", "run/.vectors.layer2.cls.77.partial.npy",
                           "run/shards/.00000001.9.partial.parquet"}) {
    folder_.write(name, "half");
  }
  folder_.write("run/.notes.1.partial.txt", "mine");
  const RunFolder folder(options(), claim(kRun));
  EXPECT_THAT(names(), UnorderedElementsAre("shards", ".normscope.lock", ".notes.1.partial.txt"));
  EXPECT_FALSE(std::filesystem::exists(folder.shards() / ".00000001.9.partial.parquet"));
}

TEST_F(RunFolderTest, DefaultNamesFindTheRunAgain) {
  const std::string name = path();
  const auto open = [&](const Identity& identity) {
    return RunFolder({.wanted = {}, .default_name = name}, claim(identity)).path();
  };
  write_finished(kRun);
  EXPECT_EQ(open(kRun), path());
  EXPECT_EQ(open(kOther), name + "-2");
  folder_.write("run-2/anything", "mine");
  EXPECT_EQ(open(kOther), name + "-3");
}

TEST_F(RunFolderTest, SaysWhatCannotBeWrittenTo) {
  folder_.write("run", "a file");
  EXPECT_THROW(RunFolder(options(), claim(kRun)), Error);
  EXPECT_THROW(RunFolder({.wanted = "/proc/nowhere", .default_name = {}}, claim(kRun)), Error);
}

TEST(Difference, NamesTheFirstEntryThatDiffers) {
  EXPECT_EQ(difference({{"a", "1"}}, {{"a", "1"}}), "");
  EXPECT_EQ(difference({{"a", "1"}, {"b", "2"}}, {{"a", "1"}}), "whose b is 2, not nothing");
}

}  // namespace
}  // namespace normscope

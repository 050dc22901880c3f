#include "results/run_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normscope {
namespace {

TEST(RunFiles, AllAreKnownByTheirNames) {
  const std::vector<ReadoutPoint> saved{{.layer = 6, .readout = Readout::cls},
                                        {.layer = 0, .readout = Readout::mean}};
  const std::vector<std::string> files = run_files(saved, {.layers = true, .probe = true});
  EXPECT_EQ(files.front(), "results.json");
  EXPECT_THAT(files, testing::IsSupersetOf({"vectors.arrow", "vectors.layer6.cls.npy",
                                            "vectors.layer0.mean.npy", "figure-layers.svg"}));
  for (const std::string& name : files) EXPECT_TRUE(is_run_file(name)) << name;
  for (const char* name : {"vectors.arrow", "figure-layers.png", "figure-probe.pdf"}) {
    EXPECT_THAT(run_files({}), testing::Not(testing::Contains(name)));
  }
}

TEST(PartFiles, HaveNamesOfTheirOwn) {
  EXPECT_EQ(part_file(0, 3), "part-1-of-3.json");
  EXPECT_TRUE(is_part_file(part_file(11, 120)));
  for (const char* name : {"part-notes.json", "part-1-of-3.json~", "part--of-3.json",
                           "part-1-of-.json", "part-1-of-3", "1-of-3.json", ""}) {
    EXPECT_FALSE(is_part_file(name)) << name;
  }
}

TEST(RunFiles, OtherNamesAreNobodysOfOurs) {
  for (const char* name :
       {"", ".", "..", "/etc/passwd", "../results.json", "notes.md", "results.json.bak",
        "vectors.npy", "vectors..npy", "vectors.../../x.npy", "vectors.layer6.cls.npy/x",
        "vectors.layer6.tokens.npy", "vectors.layer06.cls.npy", "figure-mine.png", "shards"}) {
    EXPECT_FALSE(is_run_file(name)) << name;
  }
}

}  // namespace
}  // namespace normscope

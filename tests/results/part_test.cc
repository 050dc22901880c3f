#include <gtest/gtest.h>

#include <fstream>

#include "base/json_fields.h"
#include "normscope/error.h"
#include "normscope/results.h"
#include "report/sample_report.h"
#include "results/manifest_fields.h"

namespace normscope {
namespace {

Manifest full_manifest() {
  Manifest manifest = SampleReport(10).results.manifest;
  manifest.command = "normscope run --x 'y z'";
  manifest.sentences = 7;
  manifest.precision_error =
      PrecisionError{.sentences = 3, .largest = 0.1, .mean = 1.0 / 3, .bias = -0.1};
  manifest.early_stop =
      EarlyStop{.width = 0.1, .reached = true, .look = 2, .looks = 3, .confidence = 0.98};
  manifest.model.config.layer_norm_epsilon = 1e-12F;
  manifest.model.config.activation = Activation::relu;
  manifest.cpu_features = {"a", "b"};
  manifest.corpus.format = CorpusFormat::csv;
  manifest.corpus.columns = {"a", "b.c"};
  manifest.sample = SampleMethod::head;
  manifest.min_words = 3;
  manifest.dedup = true;
  manifest.counts.read = 99;
  manifest.counts.too_few_words = 5;
  manifest.counts.duplicates = 6;
  manifest.timings.load = 0.1;
  return manifest;
}

TEST(Parts, ComeBackInOrder) {
  const TemporaryFolder folder;
  const Manifest manifest = full_manifest();
  write_part(folder.path(), {.part = 1, .parts = 2, .shards = 5, .manifest = manifest});
  write_part(folder.path(), {.part = 0, .parts = 2, .shards = 5, .manifest = manifest});
  const std::vector<Part> parts = read_parts(folder.path());
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].part, 0U);
  EXPECT_EQ(parts[1].part, 1U);
  EXPECT_EQ(parts[1].shards, 5U);
  EXPECT_EQ(json_text(parts[1].manifest), json_text(manifest));
}

TEST(Parts, ThatAreNoneAreRefused) {
  const TemporaryFolder folder;
  EXPECT_TRUE(read_parts(folder.path()).empty());
  EXPECT_THROW(read_parts(folder.path() / "none"), Error);
  for (const char* text : {"{}", "no JSON", R"({"part": -1, "parts": 2, "shards": 1})"}) {
    std::ofstream(folder.path() / "part-1-of-2.json") << text;
    EXPECT_THROW(read_parts(folder.path()), Error) << text;
  }
}

}  // namespace
}  // namespace normscope

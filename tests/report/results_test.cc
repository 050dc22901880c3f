#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "normscope/report.h"
#include "sample_report.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

Json results(const Report& report) {
  const TemporaryFolder folder;
  write_results(folder.path(), report.manifest, report.analysis);
  return Json::parse(content_of(folder.path() / "results.json"));
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
  return names;
}

TEST(WriteResults, TheManifest) {
  SampleReport sample(100);
  Manifest& manifest = sample.report.manifest;
  manifest.version = "1.2.3";
  manifest.command = "normscope run --seed 4";
  manifest.seed = std::numeric_limits<std::uint64_t>::max();
  manifest.model = {.name = "m", .path = "/p/m", .sha256 = "ab", .config = {}};
  manifest.model.config.hidden_size = 384;
  manifest.model.config.activation = Activation::gelu_new;
  manifest.corpus = {.name = "c",
                     .path = "/p/c",
                     .sha256 = "cd",
                     .prose = true,
                     .format = "jsonl",
                     .columns = {"t"}};
  manifest.sample = "stratified";
  manifest.min_words = 3;
  manifest.dedup = true;
  manifest.sentences = 100;
  manifest.length_below = 80;
  manifest.max_length = 512;
  manifest.truncated = "drop";
  manifest.drops_truncated = true;
  manifest.cpu_features = {"avx2", "fma"};
  manifest.isa = "avx2";
  manifest.precision = "bf16";
  manifest.precision_error = {.sentences = 256, .largest = 0.25, .mean = 0.125, .bias = -0.0625};
  manifest.early_stop = {
      .width = 0.005, .reached = true, .look = 3, .looks = 20, .confidence = 0.99};
  manifest.threads = 2;
  manifest.statistics = {"layer6.cls.l2"};
  manifest.properties = {"tokens"};
  manifest.probes = true;
  manifest.saved_vectors = {"layer6.cls"};
  manifest.counts = {.read = 9,
                     .empty = 1,
                     .invalid = 2,
                     .too_few_words = 10,
                     .duplicates = 11,
                     .not_sampled = 3,
                     .truncated = 4,
                     .measured = 5,
                     .outside_length = 6,
                     .dropped_truncated = 12,
                     .kept = 7,
                     .kept_truncated = 13,
                     .encoded = 8};
  manifest.timings = {.load = 0.1, .read = 0.2, .tokenize = 0.3, .encode = 0.4, .analyse = 0.5};
  const Json json = results(sample.report)["manifest"];
  EXPECT_EQ(json["version"], "1.2.3");
  EXPECT_EQ(json["machine"]["precision"], "bf16");
  EXPECT_EQ(json["machine"]["precision_error"].dump(),
            R"({"sentences":256,"largest":0.25,"mean":0.125,"bias":-0.0625})");
  EXPECT_EQ(json["early_stop"].dump(),
            R"({"r_squared_width":0.005,"reached":true,"look":3,"looks":20,)"
            R"("confidence_of_each_look":0.99})");
  EXPECT_EQ(json["command"], "normscope run --seed 4");
  EXPECT_EQ(json["seed"], std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(json["model"]["name"], "m");
  EXPECT_EQ(json["model"]["sha256"], "ab");
  EXPECT_EQ(json["model"]["config"]["hidden_size"], 384);
  EXPECT_EQ(json["model"]["config"]["activation"], "gelu_new");
  EXPECT_EQ(json["corpus"]["path"], "/p/c");
  EXPECT_EQ(json["corpus"]["prose"], true);
  EXPECT_EQ(json["corpus"]["format"], "jsonl");
  EXPECT_EQ(json["corpus"]["columns"].dump(), R"(["t"])");
  EXPECT_EQ(
      json["options"].dump(),
      R"({"sentences":100,"sample":"stratified","blocks":null,"min_words":3,"dedup":true,)"
      R"("length_below":80,"max_length":512,"truncated":"drop","drops_truncated":true,"statistics":["layer6.cls.l2"],)"
      R"("properties":["tokens"],"probes":true,"controls":false,"saved_vectors":["layer6.cls"]})");
  EXPECT_EQ(json["machine"]["cpu_features"].dump(), R"(["avx2","fma"])");
  EXPECT_EQ(json["machine"]["threads"], 2);
  EXPECT_EQ(
      json["counts"].dump(),
      R"({"read":9,"empty":1,"invalid":2,"too_few_words":10,"duplicates":11,"not_sampled":3,"truncated":4,"measured":5,)"
      R"("outside_length":6,"dropped_truncated":12,"kept":7,"kept_truncated":13,"encoded":8})");
  EXPECT_EQ(json["timings_s"].dump(),
            R"({"load":0.1,"read":0.2,"tokenize":0.3,"encode":0.4,"analyse":0.5})");
}

TEST(WriteResults, NumbersComeBackExactly) {
  const SampleReport sample(1000);
  const Analysis& analysis = sample.report.analysis;
  const Json json = results(sample.report);
  EXPECT_EQ(json["schema_version"], 3);
  EXPECT_EQ(json["sentences"], 1000);
  EXPECT_THAT(keys(json["regression"]), ElementsAre("slope", "intercept", "r_squared"));
  const Json& slope = json["regression"]["slope"];
  EXPECT_EQ(slope["value"].get<double>(), analysis.regression->slope.value);
  EXPECT_EQ(slope["standard_error"].get<double>(), analysis.regression->slope.standard_error);
  EXPECT_EQ(slope["interval_95"][0].get<double>(), analysis.regression->slope.interval->low);
  EXPECT_EQ(slope["interval_95"][1].get<double>(), analysis.regression->slope.interval->high);
  EXPECT_EQ(json["norms"]["mean"].get<double>(), analysis.norms->mean);
  ASSERT_EQ(json["norms"]["quantiles"].size(), 13U);
  EXPECT_EQ(json["norms"]["quantiles"][6]["probability"], 0.5);
  EXPECT_EQ(json["norms"]["quantiles"][6]["value"].get<double>(),
            analysis.norms->quantiles[6].value);
  EXPECT_EQ(json["band"]["low"].get<double>(), analysis.band->low);
  EXPECT_EQ(json["length_given_norm"]["groups"], analysis.length_given_norm->groups);
  EXPECT_EQ(json["norm_given_length"]["epsilon_squared"]["value"].get<double>(),
            analysis.norm_given_length->epsilon_squared->value);
  const Json& claims = json["claims"];
  EXPECT_EQ(claims["short_below"], 20);
  EXPECT_EQ(claims["base_rate"]["count"], 1000);
  ASSERT_EQ(claims["sides"].size(), 3U);
  EXPECT_EQ(claims["sides"][0]["side"], "above");
  EXPECT_EQ(claims["sides"][0]["short_given_side"]["short"],
            analysis.claims[0].short_given_side->hits);
  EXPECT_EQ(claims["sides"][0]["most_likely_short"], name(analysis.claims[0].most_likely_short));
  EXPECT_EQ(json["verdict"]["answer"], name(analysis.verdict));
  EXPECT_EQ(json["verdict"]["text"], analysis.verdict_text);
}

// null is where a value is absent, never for a number that is none.
TEST(WriteResults, LittleDataLeavesNulls) {
  const Json none = results(SampleReport(0).report);
  for (const char* key :
       {"regression", "norm_given_length", "length_given_norm", "norms", "lengths", "band"}) {
    EXPECT_TRUE(none.at(key).is_null()) << key;
  }
  EXPECT_TRUE(none["claims"]["base_rate"].is_null());
  EXPECT_EQ(none["verdict"]["answer"], "undecided");
  EXPECT_EQ(none["verdict"]["limits"].size(), 1U);
  EXPECT_TRUE(none["manifest"]["options"]["sentences"].is_null());

  const Json one = results(SampleReport(1).report);
  EXPECT_TRUE(one["norms"]["mean"].is_number());
  EXPECT_TRUE(one["norms"]["standard_deviation"].is_null());
  EXPECT_TRUE(one["regression"].is_null());

  const Json two = results(SampleReport(2).report);
  EXPECT_TRUE(two["regression"]["slope"]["value"].is_number());
  EXPECT_TRUE(two["regression"]["slope"]["standard_error"].is_null());
}

TEST(WriteResults, EveryNumberOfMuchDataIsOne) {
  SampleReport sample(1000);
  sample.report.manifest.early_stop = EarlyStop();
  sample.report.manifest.precision_error = PrecisionError();
  Json json = results(sample.report);
  json["manifest"].erase("options");
  // Of no study.
  for (const char* key : {"grid", "probes", "dimensions"}) {
    EXPECT_TRUE(json.at(key).is_null()) << key;
    json.erase(key);
  }
  const std::function<void(const Json&)> visit = [&](const Json& value) {
    EXPECT_FALSE(value.is_null());
    if (value.is_structured()) {
      for (const auto& child : value) visit(child);
    }
  };
  visit(json);
}

TEST(WriteResults, StringsThatAreNotUtf8) {
  SampleReport sample(0);
  sample.report.manifest.corpus.path = "/tmp/\xff\xfe \"x\"\n";
  EXPECT_EQ(results(sample.report)["manifest"]["corpus"]["path"], "/tmp/\uFFFD\uFFFD \"x\"\n");
}

TEST(WriteResults, NoFolder) {
  const SampleReport sample(1);
  EXPECT_THROW(write_results("/nonexistent", sample.report.manifest, sample.report.analysis),
               Error);
}

}  // namespace
}  // namespace normscope

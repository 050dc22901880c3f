#include "normscope/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "report/sample_report.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

Json json_of(const Results& results) {
  const TemporaryFolder folder;
  write_results(folder.path(), results);
  return Json::parse(content_of(folder.path() / "results.json"));
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
  return names;
}

TEST(WriteResults, TheManifest) {
  SampleReport sample(100);
  Manifest& manifest = sample.results.manifest;
  manifest.version = "1.2.3";
  manifest.command = "normscope run --seed 4";
  manifest.seed = std::numeric_limits<std::uint64_t>::max();
  manifest.model = {
      .name = "m", .path = "/p/m", .sha256 = "ab", .architecture = "bert", .config = {}};
  manifest.model.config.hidden_size = 384;
  manifest.model.config.activation = Activation::gelu_new;
  manifest.corpus = {.name = "c",
                     .path = "/p/c",
                     .sha256 = "cd",
                     .prose = true,
                     .format = CorpusFormat::jsonl,
                     .columns = {"t"}};
  manifest.sample = SampleMethod::stratified;
  manifest.min_words = 3;
  manifest.dedup = true;
  manifest.sentences = 100;
  manifest.length_below = 80;
  manifest.max_length = 512;
  manifest.truncated = TruncatedSentences::drop;
  manifest.drops_truncated = true;
  manifest.cpu_features = {"avx2", "fma"};
  manifest.isa = "avx2";
  manifest.precision = Precision::bf16;
  manifest.precision_error = {.sentences = 256, .largest = 0.25, .mean = 0.125, .bias = -0.0625};
  manifest.early_stop = {
      .width = 0.005, .reached = true, .look = 3, .looks = 20, .confidence = 0.99};
  manifest.threads = 2;
  manifest.statistics = {column_named("layer6.cls.l2")};
  manifest.properties = {"tokens"};
  manifest.probes = true;
  manifest.saved_vectors = {point_named("layer6.cls")};
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
  const Json json = json_of(sample.results)["manifest"];
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
  EXPECT_EQ(json["model"]["architecture"], "bert");
  EXPECT_EQ(json["model"]["config"]["hidden_size"], 384);
  EXPECT_EQ(json["model"]["config"]["activation"], "gelu_new");
  EXPECT_EQ(json["corpus"]["path"], "/p/c");
  EXPECT_EQ(json["corpus"]["prose"], true);
  EXPECT_EQ(json["corpus"]["format"], "jsonl");
  EXPECT_EQ(json["corpus"]["columns"].dump(), R"(["t"])");
  EXPECT_EQ(
      json["options"].dump(),
      R"({"sentences":100,"sample":"stratified","blocks":null,"min_words":3,"dedup":true,)"
      R"("length_below":80,"max_length":512,"prompt":null,"truncated":"drop","drops_truncated":true,"statistics":["layer6.cls.l2"],)"
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
  const Study& study = sample.results.study;
  const Json json = json_of(sample.results);
  EXPECT_EQ(json["schema_version"], 4);
  EXPECT_EQ(json["question"],
            "Does the norm of the [CLS] embedding encode the length of the sentence?");
  EXPECT_EQ(json["sentences"], 1000);
  const Json& relation = json["grid"]["relations"][0];
  EXPECT_THAT(keys(relation["line"]), ElementsAre("slope", "intercept", "r_squared"));
  const Json& slope = relation["line"]["slope"];
  const Regression& line = *sample.relation().line;
  EXPECT_EQ(slope["value"].get<double>(), line.slope.value);
  EXPECT_EQ(slope["standard_error"].get<double>(), line.slope.standard_error);
  EXPECT_EQ(slope["interval_95"][0].get<double>(), line.slope.interval->low);
  EXPECT_EQ(slope["interval_95"][1].get<double>(), line.slope.interval->high);
  EXPECT_EQ(json["statistic"]["mean"].get<double>(), study.statistic->mean);
  ASSERT_EQ(json["statistic"]["quantiles"].size(), 13U);
  EXPECT_EQ(json["statistic"]["quantiles"][6]["probability"], 0.5);
  EXPECT_EQ(json["statistic"]["quantiles"][6]["value"].get<double>(),
            study.statistic->quantiles[6].value);
  EXPECT_EQ(json["band"]["low"].get<double>(), study.band->low);
  EXPECT_EQ(relation["property_given_statistic"]["groups"],
            sample.relation().property_given_statistic->groups);
  EXPECT_EQ(relation["statistic_given_property"]["epsilon_squared"]["value"].get<double>(),
            sample.relation().statistic_given_property->epsilon_squared->value);
  const Json& claims = json["claims"];
  EXPECT_EQ(claims["short_below"], 20);
  EXPECT_EQ(claims["base_rate"]["count"], 1000);
  ASSERT_EQ(claims["sides"].size(), 3U);
  const ShortnessClaim& above = study.claims->sides[0];
  EXPECT_EQ(claims["sides"][0]["side"], "above");
  EXPECT_EQ(claims["sides"][0]["short_given_side"]["hits"], above.short_given_side->hits);
  EXPECT_EQ(claims["sides"][0]["most_likely_short"], name(above.most_likely_short));
  EXPECT_EQ(json["verdict"]["answer"], name(study.conclusion.verdict));
  EXPECT_EQ(json["verdict"]["text"], study.conclusion.text);
}

// null is where a value is absent, never for a number that is none.
TEST(WriteResults, LittleDataLeavesNulls) {
  const Json none = json_of(SampleReport(0).results);
  for (const char* key : {"statistic", "property", "band", "claims"}) {
    EXPECT_TRUE(none.at(key).is_null()) << key;
  }
  EXPECT_TRUE(none["grid"]["statistics"][0]["spread"].is_null());
  EXPECT_TRUE(none["grid"]["relations"][0]["line"].is_null());
  EXPECT_EQ(none["verdict"]["answer"], "undecided");
  EXPECT_EQ(none["verdict"]["limits"].size(), 1U);
  EXPECT_TRUE(none["manifest"]["options"]["sentences"].is_null());

  const Json one = json_of(SampleReport(1).results);
  EXPECT_TRUE(one["statistic"]["mean"].is_number());
  EXPECT_TRUE(one["statistic"]["standard_deviation"].is_null());
  EXPECT_TRUE(one["grid"]["relations"][0]["line"].is_null());

  const Json two = json_of(SampleReport(2).results);
  const Json& slope = two["grid"]["relations"][0]["line"]["slope"];
  EXPECT_TRUE(slope["value"].is_number());
  EXPECT_TRUE(slope["standard_error"].is_null());
}

TEST(WriteResults, EveryNumberOfMuchDataIsOne) {
  SampleReport sample(1000);
  sample.results.manifest.early_stop = EarlyStop();
  sample.results.manifest.precision_error = PrecisionError();
  Json json = json_of(sample.results);
  json["manifest"].erase("options");
  Json& model = json.at("manifest").at("model");
  EXPECT_TRUE(model.at("own_readout").is_null());
  model.erase("own_readout");
  // BERT has neither.
  for (const char* key : {"padding_id", "relative_positions"}) {
    EXPECT_TRUE(model.at("config").at(key).is_null()) << key;
    model.at("config").erase(key);
  }
  // Without vectors and controls.
  EXPECT_TRUE(json.at("probes").empty());
  EXPECT_TRUE(json.at("dimensions").is_null());
  json.erase("dimensions");
  Json& relation = json.at("grid").at("relations").at(0);
  for (const char* key : {"partial", "controls"}) {
    EXPECT_TRUE(relation.at(key).is_null()) << key;
    relation.erase(key);
  }
  // The rule has one side.
  for (const char* key : {"low", "high"}) relation.at("threshold").erase(key);
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
  sample.results.manifest.corpus.path = "/tmp/\xff\xfe \"x\"\n";
  EXPECT_EQ(json_of(sample.results)["manifest"]["corpus"]["path"], "/tmp/\uFFFD\uFFFD \"x\"\n");
}

TEST(WriteResults, NoFolder) {
  const SampleReport sample(1);
  EXPECT_THROW(write_results("/nonexistent", sample.results), Error);
}

}  // namespace
}  // namespace normscope

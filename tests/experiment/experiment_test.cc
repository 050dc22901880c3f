#include "normscope/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/folder_lock.h"
#include "normscope/error.h"
#include "normscope/measure.h"
#include "reference/golden.h"
#include "results/run_files.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using Outcome = Experiment::Outcome;

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "not refused";
}

// Sentences of one shard and a half, in memory.
class ExperimentTest : public testing::Test {
 protected:
  static constexpr std::size_t kSentences = 6000;

  ExperimentTest() {
    std::mt19937 random(7);
    for (std::size_t i = 0; i < kSentences; ++i) {
      std::string text;
      const std::size_t words = 1 + random() % 8;
      for (std::size_t word = 0; word < words; ++word)
        text += "abcde"[random() % 5] + std::string(" ");
      texts_.push_back(text + std::to_string(i));
    }
  }

  [[nodiscard]] std::vector<std::string_view> views() const {
    return {texts_.begin(), texts_.end()};
  }

  [[nodiscard]] ExperimentOptions options(const std::string& folder) const {
    ExperimentOptions options;
    options.model = {.folder = reference::small_model_folder("hidden40"), .name = "hidden40"};
    options.corpus = {.input = TextsInMemory{.texts = views()}, .options = {}, .name = "made-up"};
    options.folder = folder_.path() / folder;
    options.threads = 2;
    options.command = "a test";
    return options;
  }

  [[nodiscard]] std::string bytes(const std::string& folder, const char* file) const {
    return content_of(folder_.path() / folder / file);
  }

  /// What a listener can do: stop the run when so many sentences are measured.
  static ExperimentListener stopping(std::stop_source& source, std::uint64_t sentences) {
    return {.progress = [&source, sentences](const StageProgress& progress) {
      if (progress.stage == Stage::measuring && progress.done >= sentences) source.request_stop();
    }};
  }

  TemporaryFolder folder_;
  std::vector<std::string> texts_;
};

TEST_F(ExperimentTest, TellsWhatItDoesAndGivesWhatItWrote) {
  std::vector<Stage> stages;
  std::uint64_t measured = 0;
  const Experiment done =
      run_experiment(options("run"), {.progress = [&](const StageProgress& now) {
                       if (stages.empty() || stages.back() != now.stage)
                         stages.push_back(now.stage);
                       EXPECT_LE(now.done, now.total.value_or(now.done));
                       if (now.stage == Stage::measuring) {
                         EXPECT_GE(now.done, measured);
                         measured = now.done;
                       }
                     }});
  EXPECT_EQ(stages,
            (std::vector{Stage::measuring, Stage::writing, Stage::analysing, Stage::reporting}));
  EXPECT_EQ(measured, kSentences);
  EXPECT_EQ(done.outcome, Outcome::finished);
  EXPECT_EQ(done.folder, folder_.path() / "run");
  ASSERT_TRUE(done.results);
  EXPECT_EQ(done.results->manifest.counts.measured, kSentences);
  EXPECT_EQ(done.results->manifest.command, "a test");
  EXPECT_THAT(done.property, SizeIs(done.results->manifest.counts.kept));
  EXPECT_THAT(done.statistic, SizeIs(done.property.size()));
  const MeasurementFile table = read_measurements(done.folder / kMeasurementsFile);
  ASSERT_THAT(table.rows, SizeIs(kSentences));
  for (std::size_t i = 0; i < kSentences; ++i) EXPECT_EQ(table.rows[i].text, texts_[i]);
  EXPECT_FALSE(std::filesystem::exists(done.folder / "shards"));
}

TEST_F(ExperimentTest, MemoryAndFileGiveTheSameTable) {
  run_experiment(options("memory"));
  std::string lines;
  for (const std::string& text : texts_) lines += text + "\n";
  ExperimentOptions of_file = options("file");
  of_file.corpus.input = folder_.write("corpus.txt", lines).string();
  run_experiment(of_file);
  EXPECT_EQ(bytes("memory", kMeasurementsFile), bytes("file", kMeasurementsFile));
}

TEST_F(ExperimentTest, ColumnsInMemoryAreProperties) {
  std::vector<double> ratings;
  for (std::size_t i = 0; i < kSentences; ++i) ratings.push_back(static_cast<double>(i % 7));
  ExperimentOptions rated = options("rated");
  rated.corpus.input =
      TextsInMemory{.texts = views(), .columns = {{.name = "rating", .numbers = ratings}}};
  rated.sentences = 300;
  rated.number_columns = {"rating", "rating"};
  const Experiment done = run_experiment(rated);
  EXPECT_THAT(done.results->study.properties, testing::ElementsAre("tokens", "column:rating"));
  const MeasurementFile table = read_measurements(done.folder / kMeasurementsFile);
  for (const Measurement& row : table.rows) EXPECT_EQ(row.numbers.at(0), ratings.at(row.index));
  rated.folder = folder_.path() / "other";
  rated.number_columns = {"stars"};
  EXPECT_THAT(refusal([&] { run_experiment(rated); }), HasSubstr("have no column stars"));
  EXPECT_FALSE(std::filesystem::exists(rated.folder));
}

TEST_F(ExperimentTest, AStoppedRunGoesOnAndGivesTheSameBytes) {
  run_experiment(options("whole"));
  std::stop_source source;
  EXPECT_THROW(run_experiment(options("stopped"), stopping(source, 1), source.get_token()),
               Interrupted);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "stopped" / "shards" / "00000000.parquet"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "stopped" / kResultsFile));
  std::uint64_t skipped = 0;
  const Experiment done = run_experiment(
      options("stopped"),
      {.progress = [&](const StageProgress& now) { skipped = std::max(skipped, now.skipped); }});
  EXPECT_EQ(skipped, 4096U);
  EXPECT_EQ(done.outcome, Outcome::finished);
  EXPECT_EQ(bytes("stopped", kMeasurementsFile), bytes("whole", kMeasurementsFile));
}

TEST_F(ExperimentTest, CanBeStoppedInEveryStage) {
  run_experiment(options("whole"));
  for (const Stage stage : {Stage::writing, Stage::analysing, Stage::reporting}) {
    std::stop_source source;
    const ExperimentListener listener{.progress = [&](const StageProgress& now) {
      if (now.stage == stage) source.request_stop();
    }};
    EXPECT_THROW(run_experiment(options("stopped"), listener, source.get_token()), Interrupted);
  }
  EXPECT_EQ(run_experiment(options("stopped")).outcome, Outcome::finished);
  EXPECT_EQ(bytes("stopped", kMeasurementsFile), bytes("whole", kMeasurementsFile));
}

TEST_F(ExperimentTest, AFinishedRunIsLeftAlone) {
  run_experiment(options("run"));
  const std::string before = bytes("run", kResultsFile);
  const Experiment again = run_experiment(options("run"));
  EXPECT_EQ(again.outcome, Outcome::was_finished);
  EXPECT_FALSE(again.results);
  EXPECT_EQ(bytes("run", kResultsFile), before);
  ExperimentOptions other = options("run");
  other.seed = 1;
  EXPECT_THAT(refusal([&] { run_experiment(other); }), HasSubstr("holds another run"));
  other.overwrite = true;
  EXPECT_EQ(run_experiment(other).outcome, Outcome::finished);
  texts_[0] += "x";
  EXPECT_THAT(refusal([&] { run_experiment(options("run")); }),
              HasSubstr("whose corpus is another one"));
}

TEST_F(ExperimentTest, StopsEarlyWhenR2IsKnown) {
  ExperimentOptions early = options("early");
  early.r_squared_width = 0.2;
  const Experiment done = run_experiment(early);
  ASSERT_TRUE(done.results->manifest.early_stop);
  EXPECT_TRUE(done.results->manifest.early_stop->reached);
  EXPECT_LT(done.results->manifest.counts.measured, kSentences);
  const Interval& interval =
      done.results->study.relations.at(0).relation.line->r_squared.interval.value();
  EXPECT_LT(interval.high - interval.low, 0.2);
}

TEST_F(ExperimentTest, PartsMakeTheWhole) {
  run_experiment(options("whole"));
  // Two shards: the third part is empty.
  for (const std::uint64_t part : {2U, 0U, 1U}) {
    ExperimentOptions of_part = options("parts");
    of_part.part = {.part = part, .parts = 3};
    EXPECT_EQ(run_experiment(of_part).outcome, Outcome::part_measured);
    if (part == 0) {
      EXPECT_THAT(refusal([&] { merge_parts({.folders = {of_part.folder}}); }),
                  HasSubstr("part 2 of 3 is missing"));
    }
  }
  const MergeOptions parts{.folders = {folder_.path() / "parts"}};
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(merge_parts(parts, {}, source.get_token()), Interrupted);
  EXPECT_EQ(merge_parts(parts).outcome, Outcome::finished);
  EXPECT_EQ(bytes("parts", kMeasurementsFile), bytes("whole", kMeasurementsFile));
  EXPECT_EQ(merge_parts(parts).outcome, Outcome::was_finished);
}

TEST_F(ExperimentTest, OneRunAtATimeInAFolder) {
  std::filesystem::create_directories(folder_.path() / "run");
  const FolderLock other(folder_.path() / "run", lock_file(folder_.path() / "run"),
                         FolderLock::Mode::exclusive);
  EXPECT_THAT(refusal([&] { run_experiment(options("run")); }), HasSubstr("in use"));
}

TEST_F(ExperimentTest, WhatIsNotOursIsNotTouched) {
  folder_.write("run/report.md", "mine");
  EXPECT_THAT(refusal([&] { run_experiment(options("run")); }),
              AllOf(HasSubstr("report.md"), HasSubstr("did not write it")));
  EXPECT_EQ(bytes("run", "report.md"), "mine");
}

// All that a run can do with a vector, of one that is narrower than the hidden states.
TEST_F(ExperimentTest, MeasuresTheModelsOwnReadout) {
  ExperimentOptions own = options("own");
  own.model = {.folder = reference::sentence_encoder_folder("dense"), .name = "dense"};
  own.sentences = 400;
  own.layers = {kAllLayers};
  own.readouts = {Readout::model, Readout::cls};
  own.statistics = {Statistic::l2, Statistic::centered_l2};
  own.saved_vectors = {Readout::model, Readout::mean};
  own.controls = true;
  std::vector<std::string> notices;
  const Experiment done = run_experiment(
      own, {.notice = [&](const std::string& notice) { notices.push_back(notice); }});
  EXPECT_THAT(notices, testing::Contains(AllOf(HasSubstr("Dense 48 to 20 (tanh)"),
                                               HasSubstr("before Normalize"),
                                               HasSubstr("only the last layer has it"))));
  const Manifest& manifest = done.results->manifest;
  EXPECT_EQ(name(manifest.statistics.front()), "layer2.model.l2");
  EXPECT_THAT(manifest.statistics, SizeIs(2 + 2 * 3));
  ASSERT_TRUE(manifest.model.own_readout);
  EXPECT_EQ(manifest.model.own_readout->width, 20U);
  EXPECT_EQ(manifest.max_length, 64U);
  EXPECT_THAT(done.results->question, HasSubstr("the norm of the model's own embedding"));
  EXPECT_THAT(done.results->study.conclusion.text,
              HasSubstr("The norm is that of the vector before Normalize; after it every norm is "
                        "1."));
  ASSERT_FALSE(done.results->study.probes.empty());
  EXPECT_TRUE(done.results->study.probes.front().ridge);
  EXPECT_EQ(read_manifest(done.folder).model.own_readout->layers,
            manifest.model.own_readout->layers);
  // Of 400 rows, each after a header of 128 bytes.
  EXPECT_EQ(bytes("own", "vectors.layer2.model.npy").size(), 128 + 400 * 20 * sizeof(float));
  EXPECT_EQ(bytes("own", "vectors.layer0.mean.npy").size(), 128 + 400 * 48 * sizeof(float));
}

TEST_F(ExperimentTest, APromptIsTakenByNameOrAsTheDefault) {
  ExperimentOptions prompted = options("default");
  prompted.model = {.folder = reference::sentence_encoder_folder("prompt"), .name = "prompt"};
  prompted.sentences = 50;
  prompted.readouts = {Readout::model};
  const auto prompt_of = [](const ExperimentOptions& options) {
    return run_experiment(options).results->manifest.prompt;
  };
  const auto by_default = prompt_of(prompted);
  ASSERT_TRUE(by_default);
  EXPECT_EQ(by_default->text, "ask: ");
  EXPECT_EQ(by_default->name, "query");
  // a, ##s, ##k and one that is not known.
  EXPECT_EQ(by_default->tokens, 4U);
  const std::string sha256 = read_manifest(folder_.path() / "default").model.sha256;

  prompted.prompt = "task";
  prompted.folder = folder_.path() / "named";
  EXPECT_EQ(prompt_of(prompted)->text, "a task , ");
  EXPECT_EQ(read_manifest(prompted.folder).model.sha256, sha256);
  prompted.prompt = "ask: ";
  EXPECT_THAT(refusal([&] { run_experiment(prompted); }), HasSubstr("whose prompt is"));
  prompted.folder = folder_.path() / "given";
  EXPECT_EQ(prompt_of(prompted)->name, "");
  EXPECT_EQ(read_manifest(prompted.folder).model.sha256, sha256);
  EXPECT_EQ(bytes("given", kMeasurementsFile), bytes("default", kMeasurementsFile));
  for (const char* const none : {"", "document"}) {
    prompted.prompt = none;
    prompted.folder = folder_.path() / (std::string("none") + none);
    EXPECT_FALSE(prompt_of(prompted)) << none;
  }
  EXPECT_NE(bytes("none", kMeasurementsFile), bytes("default", kMeasurementsFile));

  prompted.prompt.reset();
  prompted.readouts = {Readout::mean};
  prompted.folder = folder_.path() / "other readout";
  std::vector<std::string> notices;
  EXPECT_FALSE(
      run_experiment(prompted,
                     {.notice = [&](const std::string& notice) { notices.push_back(notice); }})
          .results->manifest.prompt);
  EXPECT_THAT(notices, testing::Contains(HasSubstr("here nothing is")));
  prompted.prompt = "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m";
  prompted.max_length = 40;
  prompted.folder = folder_.path() / "too long";
  EXPECT_THAT(refusal([&] { run_experiment(prompted); }),
              HasSubstr("prompt: has 39 tokens, which leave no room for a sentence among 40"));
  prompted.prompt = "\xff";
  EXPECT_THAT(refusal([&] { run_experiment(prompted); }), HasSubstr("is not valid UTF-8"));
}

TEST_F(ExperimentTest, AReadoutOfTheLastLayerNeedsIt) {
  ExperimentOptions own = options("none");
  own.readouts = {Readout::model};
  own.layers = {{.first = 0, .last = 1}};
  EXPECT_THAT(refusal([&] { run_experiment(own); }),
              HasSubstr("model: only the last layer has it"));
}

TEST_F(ExperimentTest, ChecksItsOptions) {
  const auto with = [&](const std::function<void(ExperimentOptions&)>& change) {
    ExperimentOptions changed = options("none");
    change(changed);
    return [changed] { run_experiment(changed); };
  };
  EXPECT_THROW(with([](auto& o) { o.part = {.part = 2, .parts = 2}; })(), std::invalid_argument);
  EXPECT_THROW(with([](auto& o) { o.part.parts = 0; })(), std::invalid_argument);
  EXPECT_THROW(with([](auto& o) {
                 o.part.parts = 2;
                 o.r_squared_width = 0.1;
               })(),
               std::invalid_argument);
  EXPECT_THROW(with([](auto& o) { o.layers = {}; })(), std::invalid_argument);
  EXPECT_THAT(refusal(with([](auto& o) { o.layers = {{.first = 2, .last = 99}}; })),
              HasSubstr("layers 2-99: there is no such layer"));
  EXPECT_THAT(refusal(with([](auto& o) { o.layers = {{.first = 2, .last = 1}}; })),
              HasSubstr("runs backwards"));
  EXPECT_THAT(refusal(with([](auto& o) { o.max_length = 2; })), HasSubstr("leaves no room"));
  EXPECT_THAT(refusal(with([](auto& o) { o.corpus.input = TextsInMemory{}; })),
              HasSubstr("no sentence to measure"));
  EXPECT_THAT(refusal(with([](auto& o) {
                o.sentences = 10;
                o.sample = SampleMethod::blocks;
              })),
              HasSubstr("no row groups"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "none"));
}

}  // namespace
}  // namespace normscope

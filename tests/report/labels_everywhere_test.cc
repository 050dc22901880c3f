// Whatever the question is about, all that is written names it.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "normscope/properties.h"
#include "normscope/report.h"
#include "report/gnuplot.h"
#include "report/labels.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/question.h"
#include "report/result_figures.h"
#include "report/stored_run.h"
#include "results/run_files.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Named {
  std::string name;
  std::string label;
};

/// A run of 40 sentences about one statistic and one property, in a folder.
Results write_run(const std::filesystem::path& folder, const StatisticColumn& column,
                  const std::string& property) {
  const SampleReport sample(40);
  const bool of_corpus = property.starts_with(kCorpusColumn);
  MeasuredColumns columns{.statistics = {name(column)}, .properties = {}, .numbers = {}};
  if (of_corpus) columns.numbers = {property.substr(kCorpusColumn.size())};
  if (!of_corpus && property != "tokens") columns.properties = {property};
  std::vector<Measurement> rows;
  for (std::size_t i = 0; i < sample.norms.size(); ++i) {
    const double value = sample.lengths[i];
    Measurement row{.index = i,
                    .text = "Sentence.",
                    .tokens = static_cast<std::uint32_t>(value),
                    .tokens_read = static_cast<std::uint32_t>(value),
                    .statistics = {sample.norms[i]}};
    if (!columns.numbers.empty()) row.numbers = {value};
    if (!columns.properties.empty()) row.properties = {value};
    rows.push_back(std::move(row));
  }
  MeasurementWriter writer(folder / kMeasurementsFile, columns);
  writer.append(rows);
  writer.close();

  Results results{.question = {}, .study = {}, .manifest = sample.results.manifest};
  results.manifest.length_below = 80;
  results.manifest.statistics = {column};
  results.manifest.properties = {property};
  results.manifest.sha256[kMeasurementsFile] = sha256_of_file(folder / kMeasurementsFile);
  results.question = question(results.manifest);
  StudyInput input;
  input.statistics = {{.column = column, .values = sample.norms}};
  input.properties = {{.name = property, .values = sample.lengths}};
  StudyOptions options;
  options.words = question_words(results.manifest);
  options.relation.resamples = 100;
  results.study = study(input, options);
  write_results(folder, results);
  return results;
}

void expect_labels(const StatisticColumn& column, const Named& readout, const Named& statistic,
                   const Named& property) {
  SCOPED_TRACE(name(column) + " against " + property.name);
  const TemporaryFolder folder;
  const Results results = write_run(folder.path(), column, property.name);
  const bool last = column.point.layer == results.manifest.model.config.layers;
  const std::string vector = fmt::format("{} of the {} embedding", statistic.label, readout.label);
  const std::string label = vector + (last ? "" : fmt::format(", layer {}", column.point.layer));
  const std::string in_sentence =
      "the " + vector + (last ? "" : fmt::format(" in layer {}", column.point.layer));
  const std::string asked = property.name == "tokens" ? "the length" : "the " + property.label;
  EXPECT_EQ(results.question,
            fmt::format("Does {} encode {} of the sentence?", in_sentence, asked));
  EXPECT_THAT(results.study.conclusion.text, HasSubstr(in_sentence.substr(1)));
  EXPECT_THAT(results.study.conclusion.text, HasSubstr(" proxy for " + asked));

  const std::string text = summary(results);
  EXPECT_THAT(text, HasSubstr(results.question));
  const bool claims =
      text.find(fmt::format("Does a {} outside the band", statistic.label)) != std::string::npos;
  EXPECT_EQ(claims, property.name == "tokens");

  const StoredRun run = read_run(folder.path());
  for (const FigurePlot& plot : result_plots(run, Style::notebook)) {
    const std::string axis =
        property.name == "tokens" ? "Sentence length (in tokens)" : capital(property.label);
    EXPECT_THAT(plot.commands, HasSubstr("set xlabel " + gnuplot_string(axis))) << plot.name;
    EXPECT_THAT(plot.commands, HasSubstr("set ylabel " + gnuplot_string(capital(label))))
        << plot.name;
  }
  const std::string markdown_text = markdown(run);
  EXPECT_THAT(markdown_text, HasSubstr(fmt::format("| of the {} |", statistic.label)));
  const std::string short_label = property.name == "tokens" ? "length" : property.label;
  if (property.name != "column:rating") {
    EXPECT_THAT(markdown_text,
                HasSubstr(fmt::format("| ε², {} given {} |", statistic.label, short_label)));
  }
  const std::string html = page(run, {});
  EXPECT_THAT(html, HasSubstr("<h1>" + results.question + "</h1>"));
  EXPECT_THAT(html, HasSubstr(fmt::format("\"label\":\"{}\"", label)));
  EXPECT_THAT(html, HasSubstr(fmt::format("\"label\":\"{}\"", property.label)));
  EXPECT_THAT(html, HasSubstr(fmt::format("ε², {} given {}", statistic.label, short_label)));
}

TEST(Labels, NameWhatWasMeasuredEverywhere) {
  const std::vector<std::pair<Readout, Named>> readouts{
      {Readout::cls, {"cls", "[CLS]"}},
      {Readout::mean, {"mean", "mean"}},
      {Readout::max, {"max", "max-pooled"}},
      {Readout::pooler, {"pooler", "pooled [CLS]"}}};
  const std::vector<std::pair<Statistic, Named>> statistics{
      {Statistic::l2, {"l2", "norm"}},
      {Statistic::l1, {"l1", "L1 norm"}},
      {Statistic::linf, {"linf", "largest component"}},
      {Statistic::centered_l2, {"centered_l2", "norm about the mean"}}};
  const std::vector<Named> named{{"tokens", "length in tokens"},
                                 {"words", "length in words"},
                                 {"characters", "length in characters"},
                                 {"tokens_per_word", "tokens per word"},
                                 {"mean_word_rank", "mean word rank"},
                                 {"rarest_word_rank", "rank of the rarest word"},
                                 {"punctuation_share", "share of punctuation"},
                                 {"capital_share", "share of capitals"},
                                 {"position", "position in the source"},
                                 {"column:rating", "column rating"}};
  ASSERT_EQ(named.size(), properties().size() + 1);
  for (const auto& [readout, readout_names] : readouts) {
    for (const auto& [statistic, statistic_names] : statistics) {
      for (const Named& property : named) {
        const std::size_t layer = readout == Readout::pooler ? 6 : 3;
        expect_labels({.point = {.layer = layer, .readout = readout}, .statistic = statistic},
                      readout_names, statistic_names, property);
      }
    }
  }
}

}  // namespace
}  // namespace normscope

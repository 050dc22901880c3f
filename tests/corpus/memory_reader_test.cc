#include "corpus/memory_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Read {
  std::vector<std::string> texts;
  std::vector<std::uint64_t> indices;
  std::vector<std::vector<double>> numbers;
  ReadCounts counts;
  std::string sha256;
};

Read read(const CorpusInput& input, const CorpusOptions& options = {}) {
  Read read;
  SentenceReader reader(input, options);
  for (Sentence sentence; reader.next(sentence);) {
    read.texts.push_back(sentence.text);
    read.indices.push_back(sentence.index);
    read.numbers.push_back(sentence.numbers);
  }
  read.counts = reader.counts();
  read.sha256 = reader.sha256();
  return read;
}

TEST(TextsInMemory, AreSentences) {
  const Read all = read(TextsInMemory{.texts = {"one two", "", "three\nfour", "\xff", "one two"}});
  EXPECT_THAT(all.texts, ElementsAre("one two", "three\nfour", "one two"));
  EXPECT_THAT(all.indices, ElementsAre(0, 2, 4));
  EXPECT_EQ(all.counts.read, 5U);
  EXPECT_EQ(all.counts.empty, 1U);
  EXPECT_EQ(all.counts.invalid, 1U);
}

TEST(TextsInMemory, ObeyTheOptions) {
  const TextsInMemory corpus{.texts = {"One two. Three four five.", "six", "One two."}};
  const Read prose = read(corpus, {.prose = true, .min_words = 2, .dedup = true});
  EXPECT_THAT(prose.texts, ElementsAre("One two.", "Three four five."));
  EXPECT_EQ(prose.counts.too_few_words, 1U);
  EXPECT_EQ(prose.counts.duplicates, 1U);
}

TEST(TextsInMemory, AreEmpty) {
  EXPECT_TRUE(read(TextsInMemory{}).texts.empty());
  EXPECT_FALSE(read(TextsInMemory{}).sha256.empty());
}

TEST(TextsInMemory, HaveColumns) {
  const TextsInMemory corpus{
      .texts = {"a", "b"},
      .columns = {{.name = "x", .numbers = {1, 2}},
                  {.name = "y", .numbers = {std::numeric_limits<double>::quiet_NaN(), 4}},
                  {.name = "short", .numbers = {1}}}};
  const Read both = read(corpus, {.number_columns = {"y", "x"}});
  EXPECT_TRUE(std::isnan(both.numbers[0][0]));
  EXPECT_EQ(both.numbers[0][1], 1);
  EXPECT_THAT(both.numbers[1], ElementsAre(4, 2));
  const auto refusal = [&](const std::string& column) -> std::string {
    try {
      read(corpus, {.number_columns = {column}});
    } catch (const Error& error) {
      return error.what();
    }
    return "not refused";
  };
  EXPECT_THAT(refusal("z"), HasSubstr("have no column z"));
  EXPECT_THAT(refusal("short"), HasSubstr("has 1 numbers for 2 texts"));
}

TEST(TextsInMemory, AreHashedWithTheirNumbers) {
  const auto hash = [](std::vector<std::string_view> texts, std::vector<double> numbers = {}) {
    CorpusOptions options;
    TextsInMemory corpus{.texts = std::move(texts)};
    if (!numbers.empty()) {
      corpus.columns = {{.name = "x", .numbers = std::move(numbers)}};
      options.number_columns = {"x"};
    }
    return read(corpus, options).sha256;
  };
  EXPECT_EQ(hash({"a", "b"}), hash({"a", "b"}));
  EXPECT_NE(hash({"a", "b"}), hash({"ab"}));
  EXPECT_NE(hash({"a", "b"}), hash({"a 1 b"}));
  EXPECT_NE(hash({"a", "b"}), hash({"a", "b"}, {1, 2}));
  EXPECT_NE(hash({"a", "b"}, {1, 3}), hash({"a", "b"}, {1, 2}));
}

TEST(TextsInMemory, AreDrawnAsThoseOfAFile) {
  TemporaryFolder folder;
  std::vector<std::string> lines;
  std::string file;
  for (int i = 0; i < 500; ++i) {
    lines.push_back(std::string(static_cast<std::size_t>(i % 9) * 2 + 1, 'a') + " " +
                    std::to_string(i));
    file += lines.back() + "\n";
  }
  const CorpusInput memory = TextsInMemory{.texts = {lines.begin(), lines.end()}};
  const CorpusInput path = folder.write("lines.txt", file).string();
  for (const SampleMethod method :
       {SampleMethod::uniform, SampleMethod::head, SampleMethod::stratified}) {
    const Sample one = draw_sample(memory, {}, 50, 3, method);
    const Sample other = draw_sample(path, {}, 50, 3, method);
    ASSERT_EQ(one.sentences.size(), 50U);
    for (std::size_t i = 0; i < 50; ++i) {
      EXPECT_EQ(one.sentences[i].index, other.sentences[i].index);
      EXPECT_EQ(one.sentences[i].text, other.sentences[i].text);
    }
  }
  EXPECT_THROW(draw_sample(memory, {}, 50, 3, SampleMethod::blocks), Error);
}

}  // namespace
}  // namespace normscope

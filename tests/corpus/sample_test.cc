#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "normscope/corpus.h"
#include "normscope/error.h"
#include "temporary_folder.h"
#include "text/words.h"

namespace normscope {
namespace {

class SampleTest : public testing::Test {
 protected:
  /// A corpus of `lines` sentences, each its own number.
  void write(std::uint64_t lines) {
    std::string text;
    for (std::uint64_t i = 0; i < lines; ++i) text += std::to_string(i) + "\n";
    path_ = folder_.write("text", text);
  }

  Sample draw(std::optional<std::uint64_t> size, std::uint64_t seed) {
    SentenceReader reader(path_, {});
    return draw_sample(reader, size, seed);
  }

  std::vector<std::uint64_t> indices(std::optional<std::uint64_t> size, std::uint64_t seed) {
    std::vector<std::uint64_t> result;
    for (const Sentence& sentence : draw(size, seed).sentences) {
      EXPECT_EQ(sentence.text, std::to_string(sentence.index));
      result.push_back(sentence.index);
    }
    return result;
  }

  TemporaryFolder folder_;
  std::string path_;
};

// Computed with an implementation of MT19937-64 and algorithm R in another language.
TEST_F(SampleTest, IsTheSameOnEveryMachine) {
  write(1000);
  EXPECT_THAT(indices(10, 0),
              testing::ElementsAre(141, 233, 538, 577, 752, 768, 783, 870, 900, 930));
  EXPECT_THAT(indices(10, 1), testing::ElementsAre(37, 71, 150, 158, 269, 308, 534, 634, 788, 800));
}

TEST_F(SampleTest, IsEverythingWhenNoSmallerSizeIsAsked) {
  write(20);
  std::vector<std::uint64_t> all(20);
  for (std::uint64_t i = 0; i < 20; ++i) all[i] = i;
  EXPECT_EQ(indices(std::nullopt, 0), all);
  EXPECT_EQ(indices(20, 0), all);
  EXPECT_EQ(indices(1'000'000'000'000, 0), all);
}

TEST_F(SampleTest, OfSizeZeroStillCountsAndHashes) {
  write(20);
  const Sample sample = draw(0, 0);
  EXPECT_TRUE(sample.sentences.empty());
  EXPECT_EQ(sample.counts.read, 20U);
  EXPECT_EQ(sample.corpus_sha256, sha256_of_file(path_));
}

TEST_F(SampleTest, DrawsFromWhatCanBeUsedOnly) {
  path_ = folder_.write("text", "\n1\n\xFF\n3\n \n5\n");
  EXPECT_THAT(indices(3, 7), testing::ElementsAre(1, 3, 5));
  const Sample sample = draw(2, 7);
  EXPECT_EQ(sample.sentences.size(), 2U);
  EXPECT_EQ(sample.counts.read, 6U);
  EXPECT_EQ(sample.counts.empty, 2U);
  EXPECT_EQ(sample.counts.invalid, 1U);
}

// Each of the 56 subsets of 3 out of 8 comes equally often: Pearson's statistic over 20,000 seeds
// lies between the 0.01 % and 99.99 % quantiles of chi-squared with 55 degrees of freedom.
TEST_F(SampleTest, IsUniformOverSubsets) {
  constexpr int seeds = 20'000;
  constexpr double expected = seeds / 56.0;
  write(8);
  std::map<std::vector<std::uint64_t>, int> counts;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) ++counts[indices(3, seed)];
  ASSERT_EQ(counts.size(), 56U);
  double statistic = 0;
  for (const auto& [subset, count] : counts) {
    statistic += (count - expected) * (count - expected) / expected;
  }
  EXPECT_GT(statistic, 24.2);
  EXPECT_LT(statistic, 102.8);
}

TEST_F(SampleTest, OfTheHeadIsTheFirstSentencesOfAllThatIsCounted) {
  write(20);
  SentenceReader reader(path_, {});
  const Sample sample = draw_sample(reader, 3, 5, SampleMethod::head);
  ASSERT_EQ(sample.sentences.size(), 3U);
  EXPECT_EQ(sample.sentences[2].index, 2U);
  EXPECT_EQ(sample.counts.read, 20U);
  EXPECT_EQ(sample.corpus_sha256, sha256_of_file(path_));
}

class StratifiedTest : public testing::Test {
 protected:
  // Sentences of so many words as each line says, "1 w", "1 w w" …, in a mixed order.
  void write(const std::map<std::size_t, int>& lines_of_words) {
    std::vector<std::string> lines;
    for (const auto& [words, count] : lines_of_words) {
      for (int i = 0; i < count; ++i) {
        std::string line = std::to_string(i);
        for (std::size_t word = 1; word < words; ++word) line += " w";
        lines.push_back(line + "\n");
      }
    }
    std::mt19937_64 generator(5);
    std::ranges::shuffle(lines, generator);
    std::string text;
    for (const std::string& line : lines) text += line;
    path_ = folder_.write("text", text);
  }

  std::vector<Sentence> draw(std::uint64_t size, std::uint64_t seed) {
    SentenceReader reader(path_, {});
    return draw_sample(reader, size, seed, SampleMethod::stratified).sentences;
  }

  static std::map<std::size_t, int> lengths(const std::vector<Sentence>& sentences) {
    std::map<std::size_t, int> counts;
    for (const Sentence& sentence : sentences) ++counts[count_words(sentence.text)];
    return counts;
  }

  TemporaryFolder folder_;
  std::string path_;
};

TEST_F(StratifiedTest, IsAsEvenAsTheCorpusAllows) {
  write({{2, 500}, {3, 3}, {7, 90}, {20, 40}, {40, 0}});
  // 3 of 3, and a third of the other 87 each.
  EXPECT_EQ(lengths(draw(90, 0)), (std::map<std::size_t, int>{{2, 29}, {3, 3}, {7, 29}, {20, 29}}));
  // All of the rare ones, the rest of the frequent one.
  EXPECT_EQ(lengths(draw(200, 1)),
            (std::map<std::size_t, int>{{2, 78}, {3, 3}, {7, 79}, {20, 40}}));
  EXPECT_EQ(draw(10'000, 2).size(), 633U);
  EXPECT_EQ(draw(0, 2).size(), 0U);
}

TEST_F(StratifiedTest, TakesAHundredWordsAndMoreAsOneLength) {
  write({{99, 20}, {100, 20}, {150, 20}});
  const auto counts = lengths(draw(20, 0));
  EXPECT_EQ(counts.at(99), 10);
}

TEST_F(StratifiedTest, IsSeeded) {
  write({{2, 300}, {5, 300}});
  const auto indices = [&](std::uint64_t seed) {
    std::vector<std::uint64_t> found;
    for (const Sentence& sentence : draw(30, seed)) found.push_back(sentence.index);
    EXPECT_TRUE(std::ranges::is_sorted(found));
    return found;
  };
  EXPECT_EQ(indices(1), indices(1));
  EXPECT_NE(indices(1), indices(2));
}

// Each of the ten sentences of two words comes equally often, however the others fill up: Pearson's
// statistic over 5,000 seeds lies below the 99.99 % quantile of chi-squared with 9 degrees.
TEST_F(StratifiedTest, IsUniformWithinALength) {
  write({{2, 10}, {3, 40}, {4, 6}});
  std::map<std::string, int> times;
  int drawn = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    for (const Sentence& sentence : draw(14, seed)) {
      if (count_words(sentence.text) != 2) continue;
      ++times[sentence.text];
      ++drawn;
    }
  }
  ASSERT_EQ(times.size(), 10U);
  const double expected = drawn / 10.0;
  double statistic = 0;
  for (const auto& [text, count] : times) {
    statistic += (count - expected) * (count - expected) / expected;
  }
  EXPECT_LT(statistic, 33.7);
}

TEST_F(SampleTest, StopsWhenAsked) {
  write(10);
  SentenceReader reader(path_, {});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(draw_sample(reader, 5, 0, SampleMethod::uniform, stop.get_token()), Interrupted);
}

// Each of the 24 orders of 4 comes equally often: chi-squared with 23 degrees of freedom as above.
TEST(Shuffle, GivesEveryOrderEquallyOften) {
  constexpr int seeds = 12'000;
  constexpr double expected = seeds / 24.0;
  std::map<std::vector<std::uint64_t>, int> counts;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    std::vector<Sentence> sentences;
    for (std::uint64_t i = 0; i < 4; ++i) sentences.push_back({.index = i, .text = {}});
    shuffle(sentences, seed);
    std::vector<std::uint64_t> order;
    for (const Sentence& sentence : sentences) order.push_back(sentence.index);
    ++counts[order];
  }
  ASSERT_EQ(counts.size(), 24U);
  double statistic = 0;
  for (const auto& [order, count] : counts) {
    statistic += (count - expected) * (count - expected) / expected;
  }
  EXPECT_GT(statistic, 4.8);
  EXPECT_LT(statistic, 58.0);
}

TEST(Shuffle, IsTheSameForASeed) {
  std::vector<Sentence> a;
  for (std::uint64_t i = 0; i < 100; ++i) a.push_back({.index = i, .text = {}});
  std::vector<Sentence> b = a;
  std::vector<Sentence> c = a;
  shuffle(a, 1);
  shuffle(b, 1);
  shuffle(c, 2);
  const auto index = [](const std::vector<Sentence>& sentences) {
    std::vector<std::uint64_t> order;
    for (const Sentence& sentence : sentences) order.push_back(sentence.index);
    return order;
  };
  EXPECT_EQ(index(a), index(b));
  EXPECT_NE(index(a), index(c));
  // Pinned: it must not change between versions or machines.
  EXPECT_EQ(a[0].index, 85U);
  EXPECT_EQ(a[1].index, 44U);
  EXPECT_EQ(a[2].index, 51U);
}

}  // namespace
}  // namespace normscope

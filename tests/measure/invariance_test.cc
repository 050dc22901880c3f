// A sentence's norm is the same bit for bit whatever surrounds it: real sentences, a real model.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/cache_folder.h"
#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/error.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/tokenizer.h"

namespace normscope {
namespace {

#ifdef NORMSCOPE_SANITIZED
constexpr std::uint64_t kSentences = 20;
#else
constexpr std::uint64_t kSentences = 400;
#endif

const std::filesystem::path& folder() {
  static const std::filesystem::path path = cache_folder() / "models" / "all-MiniLM-L6-v2";
  return path;
}

const Model& model() {
  static const Model loaded = load_model(folder());
  return loaded;
}

// Austen's, and one of more than 512 tokens.
std::vector<Sentence> real_sentences() {
  SentenceReader reader(cache_folder() / "corpora" / "austen", {.prose = true});
  std::vector<Sentence> sentences = draw_sample(reader, kSentences, 3).sentences;
  std::string endless;
  for (const Sentence& sentence : sentences) endless += sentence.text + " ";
  sentences.push_back({.index = 1'000'000, .text = endless});
  return sentences;
}

std::vector<EncoderOptions> available_options() {
  std::vector<EncoderOptions> all;
  for (const Isa isa : available_isas()) {
    for (const Precision precision : {Precision::fp32, Precision::bf16}) {
      const EncoderOptions options{.cpu = {.isa = isa}, .precision = precision};
      try {
        const Encoder encoder(model(), {}, options);
        all.push_back(options);
      } catch (const Error&) {
        // Not on this CPU.
      }
    }
  }
  return all;
}

using Norms = std::map<std::uint64_t, double>;

class InvarianceTest : public testing::TestWithParam<EncoderOptions> {
 protected:
  [[nodiscard]] Norms norms(std::vector<Sentence> sentences, unsigned threads) const {
    Norms found;
    for (const Measurement& row : measure(std::move(sentences), tokenizer_, encoder_,
                                          {.max_length = 512, .threads = threads})
                                      .rows) {
      const auto [place, fresh] = found.emplace(row.index, row.statistics.front());
      EXPECT_TRUE(fresh || place->second == row.statistics.front())
          << "a repeated sentence, " << row.index;
    }
    return found;
  }

  const Tokenizer tokenizer_ = Tokenizer::from_folder(folder());
  const Encoder encoder_{
      model(), {{.layer = model().spec.layers, .readout = Readout::cls}}, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Isas, InvarianceTest, testing::ValuesIn(available_options()),
                         [](const auto& test) {
                           return fmt::format("{}_{}", name(*test.param.cpu.isa),
                                              name(test.param.precision));
                         });

TEST_P(InvarianceTest, OfNormsUnderOrderSplitsRepeatsAndThreads) {
  const std::vector<Sentence> sentences = real_sentences();
  const Norms expected = norms(sentences, 1);
  ASSERT_EQ(expected.size(), sentences.size());
  ASSERT_GT(expected.begin()->second, 0);

  EXPECT_EQ(norms(sentences, 3), expected);

  std::vector<Sentence> other = sentences;
  shuffle(other, 1);
  EXPECT_EQ(norms(other, 2), expected);

  // A part at a time, down to one sentence alone.
  for (const std::size_t size : {1U, 7U, 150U}) {
    Norms found;
    for (std::size_t first = 0; first < other.size(); first += size) {
      const auto begin = other.begin() + static_cast<std::ptrdiff_t>(first);
      const auto count = std::min(size, other.size() - first);
      found.merge(norms({begin, begin + static_cast<std::ptrdiff_t>(count)}, 1));
    }
    EXPECT_EQ(found, expected) << size;
  }

  // Twice over, with a word before the second time, so that it is encoded beside the first.
  std::vector<Sentence> repeated = sentences;
  for (const Sentence& sentence : sentences) {
    repeated.push_back(sentence);
    repeated.push_back({.index = 2'000'000 + sentence.index, .text = "Indeed, " + sentence.text});
  }
  shuffle(repeated, 2);
  Norms found = norms(repeated, 2);
  EXPECT_EQ(found.size(), 2 * sentences.size());
  found.erase(found.lower_bound(2'000'000), found.end());
  EXPECT_EQ(found, expected);
}

TEST_P(InvarianceTest, OfNormsAcrossInstructionSets) {
  if (GetParam().precision != Precision::fp32) GTEST_SKIP() << "reduced precision";
  const std::vector<Sentence> sentences = real_sentences();
  const Norms expected = norms(sentences, 1);
  const Encoder first{model(),
                      {{.layer = model().spec.layers, .readout = Readout::cls}},
                      {.cpu = {.isa = available_isas().front()}}};
  for (const Measurement& row :
       measure(sentences, tokenizer_, first, {.max_length = 512, .threads = 1}).rows) {
    EXPECT_NEAR(row.statistics.front() / expected.at(row.index), 1, 2e-6) << row.text;
  }
}

}  // namespace
}  // namespace normscope

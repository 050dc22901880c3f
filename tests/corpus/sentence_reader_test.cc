#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "normscope/corpus.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

TEST(SentenceReader, ReadsAndMoves) {
  TemporaryFolder folder;
  SentenceReader first(folder.write("text", "a\n\nb"), {});
  Sentence sentence;
  ASSERT_TRUE(first.next(sentence));
  EXPECT_EQ(sentence.text, "a");
  SentenceReader second = std::move(first);
  ASSERT_TRUE(second.next(sentence));
  EXPECT_EQ(sentence.text, "b");
  EXPECT_EQ(sentence.index, 2U);
  EXPECT_FALSE(second.next(sentence));
  EXPECT_FALSE(second.next(sentence));
  EXPECT_EQ(second.counts().read, 3U);
  EXPECT_EQ(second.counts().empty, 1U);
}

// Standard input, while this lives, is a pipe that a thread fills in small pieces.
class PipedInput {
 public:
  explicit PipedInput(std::string text) : saved_(::dup(STDIN_FILENO)) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    writer_ = std::jthread([text = std::move(text), end = ends[1]] {
      for (std::size_t at = 0; at < text.size(); at += 1000) {
        const std::string piece = text.substr(at, 1000);
        if (::write(end, piece.data(), piece.size()) != static_cast<ssize_t>(piece.size())) break;
      }
      ::close(end);
    });
  }
  PipedInput(const PipedInput&) = delete;
  PipedInput& operator=(const PipedInput&) = delete;
  ~PipedInput() {
    writer_.join();
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
  std::jthread writer_;
};

TEST(SentenceReader, ReadsStandardInputThroughAPipe) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "line " + std::to_string(i) + "\n";
  const PipedInput input(text);
  SentenceReader reader("-", {});
  std::uint64_t lines = 0;
  for (Sentence sentence; reader.next(sentence); ++lines) {
    ASSERT_EQ(sentence.text, "line " + std::to_string(lines));
  }
  EXPECT_EQ(lines, 50'000U);
  Sha256 hash;
  hash.update(text);
  EXPECT_EQ(reader.sha256(), hash.finish());
}

// Standard input, while this lives, is a pipe that nobody writes to.
class SilentInput {
 public:
  SilentInput() : saved_(::dup(STDIN_FILENO)) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    writing_end_ = ends[1];
  }
  SilentInput(const SilentInput&) = delete;
  SilentInput& operator=(const SilentInput&) = delete;
  ~SilentInput() {
    ::close(writing_end_);
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
  int writing_end_ = -1;
};

TEST(SentenceReader, StopsWhileStandardInputGivesNothing) {
  for (const CorpusFormat format : {CorpusFormat::automatic, CorpusFormat::text,
                                    CorpusFormat::jsonl, CorpusFormat::csv, CorpusFormat::arrow}) {
    const SilentInput input;
    std::stop_source stop;
    const std::jthread impatient([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      stop.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    Sentence sentence;
    EXPECT_THROW(SentenceReader("-", {.format = format}, stop.get_token()).next(sentence),
                 Interrupted)
        << name(format);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  }
}

}  // namespace
}  // namespace normscope

#include "corpus/corpus_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "compress.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {

bool operator==(const Sentence& a, const Sentence& b) {
  return a.index == b.index && a.text == b.text;
}

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Reading {
  std::vector<Sentence> sentences;
  ReadCounts counts;
  std::string sha256;
};

Reading read(const std::string& source, const CorpusOptions& options = {},
             const ReadLimits& limits = {}) {
  CorpusStream stream(source, options, limits);
  Reading reading;
  for (Sentence sentence; stream.next(sentence);) reading.sentences.push_back(sentence);
  reading.counts = stream.counts();
  reading.sha256 = stream.sha256();
  return reading;
}

Reading read_text(std::string_view content, const CorpusOptions& options = {},
                  const ReadLimits& limits = {}) {
  TemporaryFolder folder;
  return read(folder.write("text", content), options, limits);
}

void expect_counts(const Reading& reading, std::uint64_t all, std::uint64_t empty,
                   std::uint64_t invalid) {
  EXPECT_EQ(reading.counts.read, all);
  EXPECT_EQ(reading.counts.empty, empty);
  EXPECT_EQ(reading.counts.invalid, invalid);
}

constexpr CorpusOptions prose{.prose = true};

std::string error_of(const std::string& source, const CorpusOptions& options = {},
                     const ReadLimits& limits = {}) {
  try {
    read(source, options, limits);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(CorpusStream, CountsWhatItLeavesOut) {
  const Reading reading = read_text("a\n\n \t\r\nb\xFF\n\xED\xA0\x80\nc \xC3\xA9\n\xE3\x80\x80\nd");
  EXPECT_THAT(reading.sentences,
              ElementsAre(Sentence{0, "a"}, Sentence{5, "c \xC3\xA9"}, Sentence{7, "d"}));
  expect_counts(reading, 8, 3, 2);
}

TEST(CorpusStream, LeavesTextAsItIs) {
  const Reading reading = read_text(std::string("  two  spaces \nnul\0here\n", 24));
  EXPECT_THAT(reading.sentences,
              ElementsAre(Sentence{0, "  two  spaces "}, Sentence{1, std::string("nul\0here", 8)}));
}

TEST(CorpusStream, ReadsNothingFromAnEmptyFile) {
  for (const bool is_prose : {false, true}) {
    const Reading reading = read_text("", {.prose = is_prose});
    EXPECT_THAT(reading.sentences, IsEmpty());
    expect_counts(reading, 0, 0, 0);
    EXPECT_EQ(reading.sha256, Sha256().finish());
  }
}

TEST(CorpusStream, JoinsTheLinesOfAParagraph) {
  const Reading reading = read_text(
      "\xEF\xBB\xBF"
      "CHAPTER I\r\n\r\n \r\nIt  is a\ttruth\r\n  universally acknowledged.  It\r\nis.\r\n"
      "\xC2\xA0\r\nThe end",
      prose);
  EXPECT_THAT(reading.sentences, ElementsAre(Sentence{0, "CHAPTER I"},
                                             Sentence{1, "It is a truth universally acknowledged."},
                                             Sentence{2, "It is."}, Sentence{3, "The end"}));
  expect_counts(reading, 4, 0, 0);
}

TEST(CorpusStream, LeavesOutTheInvalidSentenceOfAParagraphAlone) {
  const Reading reading = read_text("It rained.\nShe \xFF stayed. Nobody\nknew.", prose);
  EXPECT_THAT(reading.sentences,
              ElementsAre(Sentence{0, "It rained."}, Sentence{2, "Nobody knew."}));
  expect_counts(reading, 3, 0, 1);
}

TEST(CorpusStream, ReadsAFolderInByteOrder) {
  TemporaryFolder folder;
  folder.write("b", "4\n");
  folder.write("a/2",
               "\xEF\xBB\xBF"
               "2");
  folder.write("a/1", "1\n");
  folder.write("a.txt", "0");
  folder.write("a/3", "");
  folder.write(".hidden", "no");
  const Reading reading = read(folder.path());
  EXPECT_THAT(reading.sentences,
              ElementsAre(Sentence{0, "0"}, Sentence{1, "1"}, Sentence{2, "2"}, Sentence{3, "4"}));
  std::string listing;
  for (const char* name : {"a.txt", "a/1", "a/2", "a/3", "b"}) {
    listing += sha256_of_file(folder.path() / name) + "  " + name + "\n";
  }
  Sha256 hash;
  hash.update(listing);
  EXPECT_EQ(reading.sha256, hash.finish());
}

TEST(CorpusStream, ReadsAFolderOfManyFormats) {
  TemporaryFolder folder;
  folder.write("1.csv", "id;sentence\n1;one\n2;\n");
  folder.write("2.jsonl.gz", compress(Compression::gzip, "{\"text\": \"two\"}\n"));
  folder.write("3", "{\"sentence\": \"three\"}\n");
  folder.write("4.txt.xz", compress(Compression::xz, "four\n"));
  CorpusStream stream(folder.path(), {});
  std::vector<Sentence> sentences;
  for (Sentence sentence; stream.next(sentence);) sentences.push_back(sentence);
  EXPECT_THAT(sentences, ElementsAre(Sentence{0, "one"}, Sentence{2, "two"}, Sentence{3, "three"},
                                     Sentence{4, "four"}));
  EXPECT_EQ(stream.counts().empty, 1U);
  EXPECT_THAT(stream.columns(), ElementsAre("sentence", "text"));
  std::string listing;
  for (const char* name : {"1.csv", "2.jsonl.gz", "3", "4.txt.xz"}) {
    listing += sha256_of_file(folder.path() / name) + "  " + name + "\n";
  }
  Sha256 hash;
  hash.update(listing);
  EXPECT_EQ(stream.sha256(), hash.finish());
}

TEST(CorpusStream, RefusesByNameWhatIsNoText) {
  TemporaryFolder folder;
  folder.write("a.txt", "text");
  const std::string path = folder.write("picture", std::string("\x89PNG\r\n\0\1", 8));
  EXPECT_THAT(error_of(folder.path()), StartsWith(path + ": byte 6: is zero"));
  EXPECT_EQ(error_of(folder.path(), {.format = CorpusFormat::text}), "no error");
  EXPECT_EQ(error_of(path), "no error");
}

TEST(CorpusStream, RefusesAColumnOfText) {
  TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "a,b\nc,d\n");
  EXPECT_THAT(error_of(path, {.column = "b"}), HasSubstr("plain text, which has no column b"));
  EXPECT_THAT(read(path, {.format = CorpusFormat::csv, .column = "b"}).sentences,
              ElementsAre(Sentence{0, "d"}));
}

TEST(CorpusStream, SplitsTheRowsOfProse) {
  TemporaryFolder folder;
  const std::string path =
      folder.write("a.csv", "id,text\n1,\"It\n\nrained.  It poured.\"\n2,\n3,Mr. Darcy came.\n");
  const Reading reading = read(path, prose);
  EXPECT_THAT(reading.sentences, ElementsAre(Sentence{0, "It rained."}, Sentence{1, "It poured."},
                                             Sentence{3, "Mr. Darcy came."}));
  expect_counts(reading, 4, 1, 0);
}

TEST(CorpusStream, LeavesOutShortSentences) {
  const Reading reading = read_text("one\n\none two\n a  b \nx y z\n\xFF\n", {.min_words = 3});
  EXPECT_THAT(reading.sentences, ElementsAre(Sentence{4, "x y z"}));
  expect_counts(reading, 6, 1, 1);
  EXPECT_EQ(reading.counts.too_few_words, 3U);
  EXPECT_EQ(reading.counts.given(), 1U);
}

TEST(CorpusStream, GivesTheFirstOfEqualSentences) {
  const Reading reading = read_text("a b\na\na b\na\n\na b \n\n", {.min_words = 2, .dedup = true});
  EXPECT_THAT(reading.sentences, ElementsAre(Sentence{0, "a b"}, Sentence{5, "a b "}));
  expect_counts(reading, 7, 2, 0);
  EXPECT_EQ(reading.counts.too_few_words, 2U);
  EXPECT_EQ(reading.counts.duplicates, 1U);
}

TEST(CorpusStream, EndsAParagraphWithItsFile) {
  TemporaryFolder folder;
  folder.write("1", "It rained");
  folder.write("2", "and poured.");
  EXPECT_THAT(read(folder.path(), prose).sentences,
              ElementsAre(Sentence{0, "It rained"}, Sentence{1, "and poured."}));
}

TEST(CorpusStream, HashesTheBytesOfAFile) {
  EXPECT_EQ(read_text("abc").sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(CorpusStream, HasNoHashBeforeTheEnd) {
  TemporaryFolder folder;
  const CorpusStream stream(folder.write("text", "a\nb\n"), {});
  EXPECT_THROW(std::ignore = stream.sha256(), std::logic_error);
}

TEST(CorpusStream, NamesWhatCannotBeRead) {
  TemporaryFolder folder;
  const std::string path = folder.path();
  EXPECT_EQ(error_of(path + "/missing"), path + "/missing: No such file or directory");
  EXPECT_EQ(error_of(path), path + ": holds no files to read");
  std::filesystem::create_symlink("gone", path + "/dangling");
  EXPECT_EQ(error_of(path), path + "/dangling: No such file or directory");
}

TEST(CorpusStream, NamesTheLineOfATooLongUnit) {
  TemporaryFolder folder;
  const std::string file = folder.write("text", "a\n\n\naaaa\nbbbb\ncccc\n");
  const ReadLimits limits{.block = 3, .unit = 12};
  EXPECT_EQ(error_of(file, {}, limits), "no error");
  EXPECT_EQ(error_of(file, prose, limits),
            file + ": line 4: a paragraph longer than 12 bytes, no blank line ends it");
  EXPECT_EQ(error_of(file, {}, {.block = 3, .unit = 3}), file + ": line 4: longer than 3 bytes");
}

TEST(CorpusStream, GivesUpOnALineWithoutEnd) {
  const ReadLimits limits{.block = 100, .unit = 1000};
  EXPECT_EQ(error_of("/dev/zero", {}, limits), "/dev/zero: line 1: longer than 1000 bytes");
  EXPECT_EQ(error_of("/dev/zero", prose, limits), "/dev/zero: line 1: longer than 1000 bytes");
}

TEST(CorpusStream, TakesAMegabyteWithoutASpace) {
  const std::string word(1 << 20, 'x');
  EXPECT_THAT(read_text(word).sentences, ElementsAre(Sentence{0, word}));
  EXPECT_THAT(read_text(word, prose).sentences, ElementsAre(Sentence{0, word}));
}

// Characters, line ends and paragraphs cut by the end of a block must read as if they were not.
TEST(CorpusStream, GivesTheSameWhateverTheBlock) {
  const std::vector<std::string> parts = {
      "a",    "B c",  ". ",       "\n",           "\r\n",
      "\n\n", " ",    "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
      "\xFF", "\xE2", "Mr. ",     "\xEF\xBB\xBF", "?\" "};
  std::mt19937_64 generator(3);
  for (int round = 0; round < 60; ++round) {
    TemporaryFolder folder;
    std::size_t longest = 0;
    for (const char* name : {"1", "2"}) {
      std::string text;
      for (std::size_t n = generator() % 25; n > 0; --n) text += parts[generator() % parts.size()];
      folder.write(name, text);
      longest = std::max(longest, text.size());
    }
    for (const bool is_prose : {false, true}) {
      const Reading whole = read(folder.path(), {.prose = is_prose});
      for (std::size_t block = 1; block <= longest + 1; ++block) {
        const Reading cut = read(folder.path(), {.prose = is_prose}, {.block = block});
        ASSERT_EQ(cut.sentences, whole.sentences) << block;
        ASSERT_EQ(cut.sha256, whole.sha256) << block;
        ASSERT_EQ(cut.counts.read, whole.counts.read) << block;
        ASSERT_EQ(cut.counts.empty, whole.counts.empty) << block;
        ASSERT_EQ(cut.counts.invalid, whole.counts.invalid) << block;
      }
    }
  }
}

}  // namespace
}  // namespace normscope

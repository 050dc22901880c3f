#include "corpus/decompressor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "compress.h"
#include "corpus/byte_source.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct Reading {
  std::string bytes;
  std::string sha256;
};

Reading read(const std::string& path, std::size_t block = 1 << 16) {
  ByteSource source(path);
  std::vector<char> buffer(block);
  Reading reading;
  while (const std::size_t count = source.read(buffer)) reading.bytes.append(buffer.data(), count);
  reading.sha256 = source.sha256();
  return reading;
}

std::string error_of(const std::string& path) {
  try {
    read(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string novel() {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += std::to_string(i * 7919 % 10'007) + " words\n";
  return text;
}

class Compressions : public testing::TestWithParam<Compression> {
 protected:
  TemporaryFolder folder_;
};

TEST_P(Compressions, AreToldByTheFirstBytesAndReadWhole) {
  const std::string text = novel();
  const std::string stored = compress(GetParam(), text);
  ASSERT_EQ(compression_of(stored), GetParam());
  const std::string path = folder_.write("misnamed.txt", stored);
  for (const std::size_t block : {1UL << 20, 1UL << 16, 77UL}) {
    const Reading reading = read(path, block);
    EXPECT_EQ(reading.bytes, text);
    EXPECT_EQ(reading.sha256, sha256_of_file(path));  // of what is stored
  }
  EXPECT_EQ(read(path, 1).bytes.size(), text.size());
}

TEST_P(Compressions, OfNothingAreNothing) {
  const std::string stored = compress(GetParam(), "");
  EXPECT_EQ(compression_of(stored), GetParam());
  EXPECT_EQ(read(folder_.write("empty", stored)).bytes, "");
}

TEST_P(Compressions, JoinMembersAndSkipZerosBehindThem) {
  const std::string zeros(1024, '\0');
  const std::string stored = compress(GetParam(), "one\n") + compress(GetParam(), "") +
                             compress(GetParam(), novel()) + zeros + compress(GetParam(), "end") +
                             zeros;
  EXPECT_EQ(read(folder_.write("members", stored)).bytes, "one\n" + novel() + "end");
}

TEST_P(Compressions, CutShortAnywhereAreRefused) {
  const std::string stored = compress(GetParam(), "a few words, and a few words more\n");
  for (std::size_t size = kCompressionMagic; size < stored.size(); ++size) {
    const std::string path = folder_.write("cut", std::string_view(stored).substr(0, size));
    const std::string error = error_of(path);
    EXPECT_THAT(error, HasSubstr(path + ": byte " + std::to_string(size)));
    EXPECT_THAT(error, EndsWith(std::string(name(GetParam())) + " stream is cut short"));
  }
}

TEST_P(Compressions, WithADamagedByteNeverPassUnnoticed) {
  const std::string text = "a few words, and a few words more\n";
  const std::string stored = compress(GetParam(), text);
  int refused = 0;
  for (std::size_t i = kCompressionMagic; i < stored.size(); ++i) {
    std::string damaged = stored;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    const std::string path = folder_.write("damaged", damaged);
    const std::string error = error_of(path);
    if (error == "no error") {
      // A zstd frame need not have a checksum, and Arrow's have none.
      if (GetParam() == Compression::zstd) continue;
      EXPECT_EQ(read(path).bytes, text) << i;
    } else {
      EXPECT_THAT(error, HasSubstr(path));
      ++refused;
    }
  }
  EXPECT_GT(refused, 3);
}

TEST_P(Compressions, WithSomethingElseBehindAreRefused) {
  const std::string stored = compress(GetParam(), novel()) + "something else altogether";
  EXPECT_THAT(error_of(folder_.write("trailing", stored)), HasSubstr("corrupt"));
}

INSTANTIATE_TEST_SUITE_P(All, Compressions,
                         testing::Values(Compression::gzip, Compression::zstd, Compression::bzip2,
                                         Compression::xz),
                         [](const auto& test) { return std::string(name(test.param)); });

TEST(CompressionOf, LeavesTextsAlone) {
  for (const char* text : {"", "B", "BZh9", "BZh is how bzip2 begins", "\x1F\x8B", "(\xB5/",
                           "\xFD"
                           "7zXY"}) {
    EXPECT_EQ(compression_of(text), std::nullopt) << text;
  }
}

TEST(ByteSource, PeeksWithoutTaking) {
  const TemporaryFolder folder;
  for (const std::string& stored : {novel(), compress(Compression::gzip, novel())}) {
    ByteSource source(folder.write("text", stored));
    EXPECT_EQ(source.peek(4), novel().substr(0, 4));
    EXPECT_EQ(source.peek(10), novel().substr(0, 10));
    EXPECT_EQ(source.peek(2), novel().substr(0, 2));
    std::string text(6, ' ');
    ASSERT_EQ(source.read(text), 6U);
    EXPECT_EQ(text, novel().substr(0, 6));
    EXPECT_EQ(source.peek(1000), novel().substr(6, 1000));
    EXPECT_EQ(source.peek(10'000'000), novel().substr(6));
    source.drain();
    EXPECT_EQ(source.sha256(), sha256_of_file(folder.path() / "text"));
  }
}

}  // namespace
}  // namespace normscope

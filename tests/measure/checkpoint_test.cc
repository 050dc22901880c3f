#include "normscope/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Property;
using testing::Throws;

const Identity kIdentity{{"model", "abc"}, {"seed", "0"}};

MeasuredShard sample_shard() {
  MeasuredShard shard;
  shard.measurements = {
      .rows = {{.index = 4, .text = "a b", .tokens = 2, .truncated = true, .statistics = {1.25}}},
      .encoded = 1,
      .tokenize_s = 0.1,
      .encode_s = 0.2};
  shard.precision_error = PrecisionError{.sentences = 1, .largest = 0.1, .mean = 0.1, .bias = -0.1};
  return shard;
}

class CheckpointTest : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "run" / "shards";
};

TEST_F(CheckpointTest, GivesBackWhatWasWritten) {
  const Checkpoint written(path_, kIdentity);
  EXPECT_FALSE(written.has(3));
  const MeasuredShard shard = sample_shard();
  written.write(3, shard, "digest");

  const Checkpoint opened(path_, kIdentity);
  EXPECT_TRUE(opened.has(3));
  EXPECT_FALSE(opened.has(2));
  const MeasuredShard read = opened.read(3, "digest");
  ASSERT_EQ(read.measurements.rows.size(), 1U);
  EXPECT_EQ(read.measurements.rows[0].text, "a b");
  EXPECT_EQ(read.measurements.rows[0].statistics.front(), 1.25);
  EXPECT_EQ(read.measurements.encoded, 1U);
  EXPECT_EQ(read.measurements.tokenize_s, 0.1);
  EXPECT_EQ(read.measurements.encode_s, 0.2);
  ASSERT_TRUE(read.precision_error);
  EXPECT_EQ(read.precision_error->bias, -0.1);
}

TEST_F(CheckpointTest, RefusesVectorsThatLie) {
  const Checkpoint checkpoint(path_, kIdentity);
  MeasuredShard shard = sample_shard();
  shard.measurements.vectors = {{.indices = {4}, .points = {{1, 2}}}};
  checkpoint.write(0, shard, "digest");
  const std::filesystem::path file = path_ / "00000000.vectors";
  std::string whole(std::filesystem::file_size(file), '\0');
  std::ifstream(file, std::ios::binary).read(whole.data(), std::ssize(whole));
  const auto refuses = [&](const std::string& vectors, const std::string& reason) {
    std::ofstream(file, std::ios::binary) << vectors;
    EXPECT_THAT([&] { (void)checkpoint.read(0); },
                Throws<Error>(Property(&Error::what, HasSubstr(reason))));
  };
  const std::string none = "does not hold the vectors";
  refuses("", none);
  refuses("\x05", none);
  refuses("a header of a length that nobody has", none);
  for (std::size_t size = 8; size < whole.size(); ++size) refuses(whole.substr(0, size), none);
  refuses(whole + "and more", none);
  // Numbers that no memory can hold, and a product of two that is a small one modulo 2^64.
  const auto with_header = [&](const std::string& from, const std::string& to) {
    std::string header = whole.substr(8, whole.rfind('}') - 7);
    const std::string numbers = whole.substr(8 + header.size());
    header.replace(header.find(from), from.size(), to);
    const std::uint64_t size = header.size();
    return std::string(reinterpret_cast<const char*>(&size), 8) + header + numbers;
  };
  refuses(with_header("\"sentences\":1", "\"sentences\":4611686018427387904"), none);
  refuses(with_header("\"widths\":[2]", "\"widths\":[9223372036854775810]"), none);
  refuses(with_header("\"shift\":0", "\"shift\":4611686018427387904"), none);
  refuses(with_header("\"shift\":0", "\"shift\":-1"), "/shift: is below 0");
  refuses(with_header("\"shift\"", "\"lift\""), "has no \"shift\"");
  refuses(with_header("{", std::string(1000, '[')), "nests deeper than");
}

TEST(Sha256OfSentences, IsAnotherForOtherNumbers) {
  const std::vector<Sentence> one{{.index = 1, .text = "a", .numbers = {0.5}}};
  std::vector<Sentence> other = one;
  EXPECT_EQ(sha256_of(one), sha256_of(other));
  other[0].numbers = {0.25};
  EXPECT_NE(sha256_of(one), sha256_of(other));
}

TEST_F(CheckpointTest, GivesBackVectorsAndControls) {
  const Checkpoint checkpoint(path_, kIdentity);
  MeasuredShard shard = sample_shard();
  shard.measurements.vectors = {{.indices = {4, 9}, .points = {{1, 2, 3, 4}, {5, 6, 7, 8}}},
                                {.indices = {}, .points = {{}}}};
  shard.shift = {0.5F, -0.5F};
  shard.controls = {{.name = "shuffled_words",
                     .indices = {4},
                     .statistics = {{1.5, 2.5}},
                     .vectors = {.indices = {4}, .points = {{1, 2}, {3, 4}}}}};
  checkpoint.write(0, shard, "digest");
  const MeasuredShard read = checkpoint.read(0);
  ASSERT_EQ(read.measurements.vectors.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.measurements.vectors[i].indices, shard.measurements.vectors[i].indices);
    EXPECT_EQ(read.measurements.vectors[i].points, shard.measurements.vectors[i].points);
  }
  EXPECT_EQ(read.shift, shard.shift);
  ASSERT_EQ(read.controls.size(), 1U);
  EXPECT_EQ(read.controls[0].name, "shuffled_words");
  EXPECT_EQ(read.controls[0].indices, shard.controls[0].indices);
  EXPECT_EQ(read.controls[0].statistics, shard.controls[0].statistics);
  EXPECT_EQ(read.controls[0].vectors.points, shard.controls[0].vectors.points);
}

TEST_F(CheckpointTest, RefusesAShardOfAnotherRunOrNumber) {
  const Checkpoint checkpoint(path_, kIdentity);
  MeasuredShard shard = sample_shard();
  shard.measurements.vectors = {{.indices = {4}, .points = {{1, 2}}}};
  checkpoint.write(0, shard, "digest");
  checkpoint.write(1, shard, "digest");
  const auto reads = [](const Checkpoint& from, std::uint64_t number) {
    return [&from, number] { (void)from.read(number); };
  };
  const Checkpoint other(path_, {{"model", "abc"}, {"seed", "1"}});
  EXPECT_THAT(reads(other, 0),
              Throws<Error>(Property(&Error::reason, HasSubstr("a shard of another run"))));

  std::filesystem::rename(path_ / "00000001.vectors", path_ / "00000000.vectors");
  EXPECT_THAT(reads(checkpoint, 0),
              Throws<Error>(Property(&Error::reason, HasSubstr("vectors of another shard"))));
  EXPECT_THAT(reads(checkpoint, 1), Throws<Error>());

  std::filesystem::rename(path_ / "00000001.parquet", path_ / "00000000.parquet");
  EXPECT_THAT(reads(checkpoint, 0),
              Throws<Error>(Property(&Error::reason, HasSubstr("is shard 1, not the shard"))));
}

TEST(Sha256OfIdentity, KeepsNamesAndValuesApart) {
  EXPECT_EQ(sha256_of(Identity{{"a", "b"}}), sha256_of(Identity{{"a", "b"}}));
  EXPECT_NE(sha256_of(Identity{{"a", "b=c"}}), sha256_of(Identity{{"a=b", "c"}}));
  EXPECT_NE(sha256_of(Identity{{"a", "b"}}), sha256_of(Identity{}));
}

TEST_F(CheckpointTest, RefusesAShardOfOtherSentences) {
  const Checkpoint checkpoint(path_, kIdentity);
  checkpoint.write(0, sample_shard(), "digest");
  EXPECT_THROW((void)checkpoint.read(0, "another"), Error);
  EXPECT_NO_THROW((void)checkpoint.read(0, "digest"));
}

TEST_F(CheckpointTest, RefusesFilesThatAreNone) {
  const Checkpoint checkpoint(path_, kIdentity);
  folder_.write("run/shards/00000001.parquet", "nonsense");
  EXPECT_THROW((void)checkpoint.read(1), Error);
  MeasurementWriter writer(path_ / "00000002.parquet");
  writer.close();
  EXPECT_THROW((void)checkpoint.read(2), Error);
}

TEST(SentencesSha256, DependsOnEveryIndexAndText) {
  const std::vector<Sentence> sentences{{.index = 1, .text = "ab"}, {.index = 2, .text = "c"}};
  const std::string digest = sha256_of(sentences);
  EXPECT_EQ(digest.size(), 64U);
  const std::vector<Sentence> moved{{.index = 1, .text = "a"}, {.index = 2, .text = "bc"}};
  const std::vector<Sentence> renumbered{{.index = 1, .text = "ab"}, {.index = 3, .text = "c"}};
  EXPECT_NE(sha256_of(moved), digest);
  EXPECT_NE(sha256_of(renumbered), digest);
  EXPECT_NE(sha256_of(std::span(sentences).first(1)), digest);
}

}  // namespace
}  // namespace normscope

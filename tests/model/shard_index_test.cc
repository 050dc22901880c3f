#include "model/shard_index.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "model/model_files.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::Property;

class ShardIndex : public testing::Test {
 protected:
  auto read(const json& weight_map) {
    return read_shard_index(
        folder_.write(kWeightLayouts.front().index, json{{"weight_map", weight_map}}.dump()));
  }
  TemporaryFolder folder_;
};

TEST_F(ShardIndex, TensorsByTheFileThatHoldsThem) {
  EXPECT_THAT(read({{"a", "1.safetensors"}, {"b", "2.safetensors"}, {"c", "1.safetensors"}}),
              ElementsAre(Pair("1.safetensors", ElementsAre("a", "c")),
                          Pair("2.safetensors", ElementsAre("b"))));
}

TEST_F(ShardIndex, ShardsLieBesideIt) {
  for (const json& name : {json(".."), json("."), json(""), json("a/b"), json("/a"), json("a\\b"),
                           json("a\nb"), json("a\x1b[2J"), json(std::string(256, 'a')), json(1)}) {
    EXPECT_THAT(
        [&] {
          read({{"x", name}});
        },
        testing::Throws<Error>(
            Property(&Error::what, HasSubstr("tensor 'x': has no plain file name for its shard"))))
        << name;
  }
  EXPECT_NO_THROW(read({{"x", std::string(255, 'a')}, {"y", "Gewichte für ä.safetensors"}}));
}

TEST_F(ShardIndex, HasALimit) {
  json weight_map;
  for (int i = 0; i < 1000; ++i) weight_map[fmt::format("t{}", i)] = fmt::format("{}", i);
  EXPECT_EQ(read(weight_map).size(), 1000);
  weight_map["one"] = "more";
  EXPECT_THROW(read(weight_map), Error);
}

}  // namespace
}  // namespace normscope

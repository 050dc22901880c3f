#include "model/pooling_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class PoolingConfigTest : public testing::Test {
 protected:
  PoolingConfig read(const json& config) {
    return read_pooling_config(folder_.write("config.json", config.dump()), 4);
  }
  std::string refusal(const json& config) {
    try {
      read(config);
    } catch (const Error& error) {
      return error.what();
    }
    return "not refused";
  }

  TemporaryFolder folder_;
};

TEST_F(PoolingConfigTest, FlagsAreInAnOrderOfTheirOwn) {
  EXPECT_THAT(read({{"word_embedding_dimension", 4},
                    {"pooling_mode_lasttoken", true},
                    {"pooling_mode_weightedmean_tokens", true},
                    {"pooling_mode_mean_sqrt_len_tokens", true},
                    {"pooling_mode_mean_tokens", true},
                    {"pooling_mode_max_tokens", true},
                    {"pooling_mode_cls_token", true}})
                  .poolings,
              ElementsAre(Pooling::cls, Pooling::max, Pooling::mean, Pooling::mean_sqrt_len_tokens,
                          Pooling::weightedmean, Pooling::lasttoken));
  EXPECT_THAT(
      read({{"pooling_mode_cls_token", true}, {"pooling_mode_mean_tokens", false}}).poolings,
      ElementsAre(Pooling::cls));
  EXPECT_THAT(read({{"pooling_mode_cls_token", 0}, {"pooling_mode_max_tokens", 1}}).poolings,
              ElementsAre(Pooling::max));
}

TEST_F(PoolingConfigTest, NamesComeAsTheyAreListedAndBeforeFlags) {
  EXPECT_THAT(read({{"pooling_mode", "lasttoken"}, {"pooling_mode_cls_token", true}}).poolings,
              ElementsAre(Pooling::lasttoken));
  EXPECT_THAT(read({{"pooling_mode", {"mean", "cls"}}}).poolings,
              ElementsAre(Pooling::mean, Pooling::cls));
}

TEST_F(PoolingConfigTest, IsTheMeanWhereNothingIsSaid) {
  const PoolingConfig config = read(json::object());
  EXPECT_THAT(config.poolings, ElementsAre(Pooling::mean));
  EXPECT_TRUE(config.includes_prompt);
  EXPECT_THAT(read({{"pooling_mode_mean_tokens", false}}).poolings, ElementsAre(Pooling::mean));
  EXPECT_FALSE(read({{"include_prompt", false}}).includes_prompt);
}

TEST_F(PoolingConfigTest, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(refusal({{"pooling_mode", "median"}}),
              HasSubstr("config.json: pooling_mode: median is not known"));
  EXPECT_THAT(refusal({{"pooling_mode", 1}}), HasSubstr("pooling_mode: is 1, not a list"));
  EXPECT_THAT(refusal({{"pooling_mode", {1}}}),
              HasSubstr("pooling_mode: is not a list of strings"));
  EXPECT_THAT(refusal({{"pooling_mode", std::vector<std::string>(17, "cls")}}),
              HasSubstr("lists more than 16"));
  EXPECT_THAT(refusal({{"pooling_mode", json::array()}}), HasSubstr("lists no pooling"));
  EXPECT_THAT(refusal({{"pooling_mode_cls_token", "yes"}}), HasSubstr("not true or false"));
  EXPECT_THAT(refusal({{"pooling_mode_cls_token", 2}}), HasSubstr("not true or false"));
  for (const char* const key : {"word_embedding_dimension", "embedding_dimension"}) {
    EXPECT_THAT(refusal({{key, 5}}),
                HasSubstr(std::string(key) + ": is 5, where the encoder's vectors have 4"));
  }
}

}  // namespace
}  // namespace normscope

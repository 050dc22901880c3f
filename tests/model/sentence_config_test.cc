#include "model/sentence_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

TEST(SentenceConfig, IsTheFirstOfItsFiles) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_sentence_config(folder.path()).file, "");
  static_cast<void>(folder.write("sentence_xlnet_config.json", R"({"max_seq_length": 7})"));
  EXPECT_EQ(read_sentence_config(folder.path()).max_length, 7U);
  static_cast<void>(folder.write("sentence_bert_config.json",
                                 R"({"max_seq_length": null, "do_lower_case": true})"));
  const SentenceConfig config = read_sentence_config(folder.path());
  EXPECT_EQ(config.file, "sentence_bert_config.json");
  EXPECT_EQ(config.max_length, std::nullopt);
  EXPECT_TRUE(config.lower_case);
}

TEST(SentenceConfig, RefusesWhatIsNoLength) {
  const TemporaryFolder folder;
  for (const char* const length : {"0", "-1", "1.5", "\"9\"", "[]"}) {
    static_cast<void>(folder.write("sentence_bert_config.json",
                                   std::string(R"({"max_seq_length": )") + length + "}"));
    EXPECT_THAT([&] { read_sentence_config(folder.path()); },
                testing::ThrowsMessage<Error>(
                    testing::HasSubstr("sentence_bert_config.json: max_seq_length: is ")));
  }
}

}  // namespace
}  // namespace normscope

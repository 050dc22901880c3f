#include "model/sentence_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;

class SentenceConfigTest : public testing::Test {
 protected:
  void write(const std::string& name, const json& content) {
    static_cast<void>(folder_.write(name, content.dump()));
  }
  void write_modules(const std::string& encoder) {
    write("modules.json",
          json::array({{{"path", encoder}, {"type", "sentence_transformers.models.Transformer"}}}));
  }
  [[nodiscard]] SentenceConfig read() const { return read_sentence_config(folder_.path()); }
  std::string unsupported(const json& content) {
    write("sentence_bert_config.json", content);
    return read().unsupported;
  }

  TemporaryFolder folder_;
};

TEST_F(SentenceConfigTest, IsTheFirstOfItsFiles) {
  write_modules("");
  EXPECT_EQ(read().file, "");
  write("sentence_xlnet_config.json", {{"max_seq_length", 7}});
  EXPECT_EQ(read().max_length, 7U);
  write("sentence_bert_config.json", {{"max_seq_length", nullptr}, {"do_lower_case", true}});
  const SentenceConfig config = read();
  EXPECT_EQ(config.file, "sentence_bert_config.json");
  EXPECT_EQ(config.max_length, std::nullopt);
  EXPECT_TRUE(config.lower_case);
}

TEST_F(SentenceConfigTest, LiesBesideTheEncoderAndCountsOnlyWithModules) {
  write("sentence_bert_config.json", {{"max_seq_length", 7}});
  EXPECT_EQ(read().max_length, 7U);
  EXPECT_FALSE(read().counts);
  write_modules("0_Transformer");
  EXPECT_EQ(read().file, "");
  EXPECT_FALSE(read().counts);
  write("0_Transformer/sentence_bert_config.json", {{"max_seq_length", 8}});
  EXPECT_EQ(read().file, "0_Transformer/sentence_bert_config.json");
  EXPECT_EQ(read().max_length, 8U);
  EXPECT_TRUE(read().counts);
}

TEST_F(SentenceConfigTest, RefusesWhatIsNoLength) {
  write_modules("");
  for (const char* const length : {"0", "-1", "1.5", "\"9\"", "[]"}) {
    static_cast<void>(folder_.write("sentence_bert_config.json",
                                    std::string(R"({"max_seq_length": )") + length + "}"));
    EXPECT_THAT([&] { (void)read(); }, testing::ThrowsMessage<Error>(testing::HasSubstr(
                                           "sentence_bert_config.json: max_seq_length: is ")));
  }
}

TEST_F(SentenceConfigTest, NamesAKeyThatChangesTheVectors) {
  write_modules("");
  // What sentence-transformers 6 writes.
  const json usual = json::parse(R"({
      "transformer_task": "feature-extraction", "module_output_name": "token_embeddings",
      "modality_config": {"text": {"method": "forward",
                                   "method_output_name": "last_hidden_state"}}})");
  EXPECT_EQ(unsupported(usual), "");
  EXPECT_EQ(unsupported({{"max_seq_length", 7},
                         {"do_lower_case", false},
                         {"query_length", nullptr},
                         {"processing_kwargs", json::object()},
                         {"model_args", {{"trust_remote_code", true}, {"torch_dtype", "auto"}}},
                         {"config_kwargs", {{"revision", "main"}}}}),
            "");
  for (const auto& [key, value] : std::vector<std::pair<const char*, json>>{
           {"config_args", {{"hidden_act", "relu"}}},
           {"model_kwargs", {{"attention_probs_dropout_prob", 0}}},
           {"tokenizer_args", {{"do_lower_case", false}}},
           {"processor_kwargs", 1},
           {"processing_kwargs", {{"text", {{"truncation", false}}}}},
           {"transformer_task", "fill-mask"},
           {"module_output_name", "sentence_embedding"},
           {"modality_config", {{"message", {{"method", "forward"}}}}},
           {"modality_config",
            {{"text", {{"method", "forward"}, {"method_output_name", "pooler_output"}}}}},
           {"query_length", 32},
           {"tokenizer_name_or_path", "elsewhere"},
           {"what_is_not_known", true}}) {
    json changed = usual;
    changed[key] = value;
    EXPECT_EQ(unsupported(changed), key);
  }
}

}  // namespace
}  // namespace normscope

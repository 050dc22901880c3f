#include "normscope/own_readout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/safetensors_writer.h"
#include "normscope/error.h"
#include "normscope/model.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::safetensors;
using testing::TensorToWrite;
using ::testing::UnorderedElementsAre;

TensorToWrite tensor(const std::string& name, std::vector<std::size_t> shape,
                     const std::vector<float>& values) {
  return {name,
          "F32",
          std::move(shape),
          {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)}};
}

// Of a model whose vectors have two numbers.
class OwnReadoutTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const json& content) {
    static_cast<void>(folder_.write(name, content.dump()));
  }
  // modules.json: the classes' names, each in a folder of its number and name.
  void write_modules(const std::vector<std::string>& types) {
    json list = json::array();
    for (const std::string& type : types) {
      const std::string name = type.substr(type.rfind('.') + 1);
      list.push_back(
          {{"path", list.empty() ? "" : std::to_string(list.size()) + "_" + name},
           {"type",
            type.find('.') == std::string::npos ? "sentence_transformers.models." + type : type}});
    }
    write("modules.json", list);
  }
  void write_dense(json changes = json::object(),
                   const std::vector<TensorToWrite>& tensors = {
                       tensor("linear.weight", {3, 2}, {1, 2, 3, 4, 5, 6}),
                       tensor("linear.bias", {3}, {7, 8, 9})}) {
    json config{{"in_features", 2}, {"out_features", 3}, {"bias", true}};
    config.update(changes);
    write("2_Dense/config.json", config);
    static_cast<void>(folder_.write("2_Dense/model.safetensors", safetensors(tensors)));
  }

  [[nodiscard]] Model model() const {
    Model model;
    model.folder = folder_.path();
    model.encoder_folder = folder_.path();
    model.spec.hidden_size = 2;
    return model;
  }
  [[nodiscard]] Model load() const {
    Model loaded = model();
    load_own_readout(loaded);
    return loaded;
  }
  [[nodiscard]] std::string refusal() const {
    try {
      static_cast<void>(load());
    } catch (const Error& error) {
      return error.what();
    }
    return "not refused";
  }

  TemporaryFolder folder_;
};

TEST_F(OwnReadoutTest, IsTheMeanWithoutModules) {
  const Model model = load();
  EXPECT_THAT(model.own_readout->poolings, ElementsAre(Pooling::mean));
  EXPECT_THAT(model.own_readout->layers, IsEmpty());
  EXPECT_EQ(model.own_readout->width, 2U);
  EXPECT_FALSE(model.own_readout->normalizes);
  EXPECT_THAT(model.files, IsEmpty());
}

TEST_F(OwnReadoutTest, ReadsTheModulesAndNamesTheirFiles) {
  write_modules({"Transformer", "Pooling", "Dense", "LayerNorm", "Dropout", "Normalize"});
  write("1_Pooling/config.json", {{"pooling_mode", "cls"}, {"include_prompt", false}});
  write_dense();
  write("3_LayerNorm/config.json", {{"dimension", 3}});
  static_cast<void>(folder_.write(
      "3_LayerNorm/model.safetensors",
      safetensors({tensor("norm.bias", {3}, {1, 2, 3}), tensor("norm.weight", {3}, {4, 5, 6})})));
  write("sentence_bert_config.json", {{"max_seq_length", 9}});
  const Model model = load();
  const OwnReadout& readout = *model.own_readout;
  EXPECT_THAT(readout.poolings, ElementsAre(Pooling::cls));
  EXPECT_FALSE(readout.includes_prompt);
  EXPECT_EQ(readout.width, 3U);
  EXPECT_TRUE(readout.normalizes);
  ASSERT_EQ(readout.layers.size(), 2U);
  const auto& dense = std::get<DenseLayer>(readout.layers[0]);
  EXPECT_THAT(dense.weight, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(dense.bias, ElementsAre(7, 8, 9));
  EXPECT_EQ(name(readout.layers[0]), "Dense 2 to 3 (tanh)");
  EXPECT_EQ(name(readout.layers[1]), "LayerNorm");
  EXPECT_THAT(std::get<LayerNormLayer>(readout.layers[1]).scale, ElementsAre(4, 5, 6));
  EXPECT_THAT(model.files,
              UnorderedElementsAre("modules.json", "1_Pooling/config.json", "2_Dense/config.json",
                                   "2_Dense/model.safetensors", "3_LayerNorm/config.json",
                                   "3_LayerNorm/model.safetensors", "sentence_bert_config.json"));
}

TEST_F(OwnReadoutTest, LeavesOutNormalizeAtTheEndAlone) {
  write_modules({"Transformer", "Pooling", "Normalize", "Dense", "Normalize"});
  write("1_Pooling/config.json", json::object());
  std::filesystem::create_directory(folder_.path() / "2_Normalize");
  write("3_Dense/config.json", {{"in_features", 2},
                                {"out_features", 1},
                                {"bias", false},
                                {"activation_function", "torch.nn.modules.linear.Identity"}});
  static_cast<void>(folder_.write("3_Dense/model.safetensors",
                                  safetensors({tensor("linear.weight", {1, 2}, {1, 2})})));
  const OwnReadout readout = *load().own_readout;
  ASSERT_EQ(readout.layers.size(), 2U);
  EXPECT_EQ(name(readout.layers[0]), "Normalize");
  EXPECT_EQ(name(readout.layers[1]), "Dense 2 to 1 (identity)");
  EXPECT_THAT(std::get<DenseLayer>(readout.layers[1]).bias, IsEmpty());
  EXPECT_TRUE(readout.normalizes);
}

TEST_F(OwnReadoutTest, LaysSeveralPoolingsEndToEnd) {
  write_modules({"sentence_transformers.base.modules.transformer.Transformer",
                 "sentence_transformers.sentence_transformer.modules.pooling.Pooling"});
  write("1_Pooling/config.json", {{"pooling_mode", {"max", "mean"}}});
  EXPECT_EQ(load().own_readout->width, 4U);
}

TEST_F(OwnReadoutTest, RefusesOtherModulesByName) {
  write("1_Pooling/config.json", json::object());
  write_dense();
  for (const char* const type : {"WeightedLayerPooling", "CNN", "LSTM", "Router", "WordWeights"}) {
    write_modules({"Transformer", type});
    EXPECT_THAT(refusal(), HasSubstr(std::string("modules.json: module 1: "
                                                 "sentence_transformers.models.") +
                                     type + " is not supported there"));
  }
  write_modules({"custom_st.Transformer", "Pooling"});
  EXPECT_THAT(refusal(), HasSubstr("module 0: custom_st.Transformer is code of the model's own"));
  write_modules({"Transformer", "Pooling", "my_code.Dense"});
  EXPECT_THAT(refusal(), HasSubstr("module 2: my_code.Dense is code of the model's own"));
  write_modules({"StaticEmbedding"});
  EXPECT_THAT(refusal(),
              HasSubstr("module 0: sentence_transformers.models.StaticEmbedding is not"));
  for (const std::vector<std::string>& types :
       {std::vector<std::string>{"Transformer", "Dense", "Pooling"},
        {"Transformer", "Pooling", "Pooling"},
        {"Transformer", "Transformer"}}) {
    write_modules(types);
    EXPECT_THAT(refusal(), HasSubstr("is not supported there"));
  }
  write_modules({"Transformer"});
  EXPECT_THAT(refusal(), HasSubstr("modules.json: lists no Pooling"));
}

TEST_F(OwnReadoutTest, RefusesOtherModels) {
  write("config_sentence_transformers.json", {{"model_type", "SparseEncoder"}});
  EXPECT_THAT(refusal(), HasSubstr("model_type: SparseEncoder is not supported"));
  write("config_sentence_transformers.json", {{"truncate_dim", 1}});
  EXPECT_THAT(refusal(), HasSubstr("truncate_dim: is not supported"));
  write("config_sentence_transformers.json", json::object());
  write_modules({"Transformer", "Pooling"});
  write("sentence_bert_config.json", {{"config_args", {{"hidden_act", "relu"}}}});
  EXPECT_THAT(refusal(), HasSubstr("sentence_bert_config.json: config_args: is not supported"));
}

TEST_F(OwnReadoutTest, RefusesAModuleInTheEncodersFolder) {
  write("config.json", {{"pooling_mode", "cls"}});
  for (const char* const name : {"Pooling", "Dense", "LayerNorm"}) {
    write("modules.json",
          json::array(
              {{{"path", ""}, {"type", "sentence_transformers.models.Transformer"}},
               {{"path", "./"}, {"type", std::string("sentence_transformers.models.") + name}}}));
    EXPECT_THAT(refusal(), HasSubstr("module 1: sentence_transformers.models." + std::string(name) +
                                     " has the encoder's folder"));
  }
}

TEST_F(OwnReadoutTest, RefusesModulesThatDoNotFit) {
  write_modules({"Transformer", "Pooling", "Dense"});
  EXPECT_THAT(refusal(), HasSubstr("1_Pooling/config.json: No such file"));
  write("1_Pooling/config.json", {{"word_embedding_dimension", 3}});
  EXPECT_THAT(refusal(), HasSubstr("is 3, where the encoder's vectors have 2"));
  write("1_Pooling/config.json", json::object());
  write_dense({{"in_features", 4}});
  EXPECT_THAT(refusal(), HasSubstr("2_Dense/config.json: in_features: is 4, where the vectors that "
                                   "come in have 2"));
  write_dense({{"in_features", nullptr}});
  EXPECT_THAT(refusal(), HasSubstr("in_features: is missing"));
  write_dense({{"out_features", 4}});
  EXPECT_THAT(refusal(), HasSubstr("tensor 'linear.weight': has the shape [3, 2], where "
                                   "config.json makes it [4, 2]"));
  write_dense(json::object(), {tensor("linear.weight", {3, 2}, {1, 2, 3, 4, 5, 6})});
  EXPECT_THAT(refusal(), HasSubstr("tensor 'linear.bias': is missing"));
  write_dense({{"activation_function", "torch.nn.modules.activation.Mish"}});
  EXPECT_THAT(refusal(), HasSubstr("activation_function: torch.nn.modules.activation.Mish is not "
                                   "supported"));
  write_dense({{"activation_function", nullptr}});
  EXPECT_THAT(refusal(), HasSubstr("activation_function: is null"));
  write_dense({{"activation_function", "my_code.Tanh"}});
  EXPECT_THAT(refusal(), HasSubstr("my_code.Tanh is not supported"));
  write_dense({{"use_residual", true}});
  EXPECT_THAT(refusal(), HasSubstr("use_residual: is not supported"));
  write_dense({{"module_input_name", "token_embeddings"}});
  EXPECT_THAT(refusal(), HasSubstr("module_input_name: token_embeddings is not supported"));
  write_dense();
  std::filesystem::remove(folder_.path() / "2_Dense/model.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("2_Dense: has no weights"));
}

}  // namespace
}  // namespace normscope

#include "normscope/model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "model/safetensors_writer.h"
#include "model/torch_writer.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::safetensors;

using testing::TensorToWrite;

constexpr std::size_t hidden = 4;
constexpr std::size_t intermediate = 6;
constexpr std::size_t layers = 2;
// Of the first of two shards.
constexpr std::ptrdiff_t kShardEnd = 7;

json tiny_config() {
  return {{"model_type", "bert"},
          {"hidden_size", hidden},
          {"num_attention_heads", 2},
          {"num_hidden_layers", layers},
          {"intermediate_size", intermediate},
          {"vocab_size", 10},
          {"max_position_embeddings", 8},
          {"type_vocab_size", 2}};
}

// The n-th tensor holds n, n + 0.5, n + 1 …, so that no two are alike.
TensorToWrite numbered(const std::string& name, const std::vector<std::size_t>& shape,
                       std::size_t number) {
  std::size_t size = 1;
  for (const std::size_t extent : shape) size *= extent;
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) {
    const float value = static_cast<float>(number) + static_cast<float>(i) / 2;
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return {name, "F32", shape, bytes};
}

std::vector<TensorToWrite> tiny_tensors() {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> all{
      {"embeddings.word_embeddings.weight", {10, hidden}},
      {"embeddings.position_embeddings.weight", {8, hidden}},
      {"embeddings.token_type_embeddings.weight", {2, hidden}},
      {"embeddings.LayerNorm.weight", {hidden}},
      {"embeddings.LayerNorm.bias", {hidden}}};
  for (std::size_t i = 0; i < layers; ++i) {
    const std::string layer = fmt::format("encoder.layer.{}.", i);
    for (const char* const part : {"attention.self.query", "attention.self.key",
                                   "attention.self.value", "attention.output.dense"}) {
      all.push_back({layer + part + ".weight", {hidden, hidden}});
      all.push_back({layer + part + ".bias", {hidden}});
    }
    all.push_back({layer + "attention.output.LayerNorm.weight", {hidden}});
    all.push_back({layer + "attention.output.LayerNorm.bias", {hidden}});
    all.push_back({layer + "intermediate.dense.weight", {intermediate, hidden}});
    all.push_back({layer + "intermediate.dense.bias", {intermediate}});
    all.push_back({layer + "output.dense.weight", {hidden, intermediate}});
    all.push_back({layer + "output.dense.bias", {hidden}});
    all.push_back({layer + "output.LayerNorm.weight", {hidden}});
    all.push_back({layer + "output.LayerNorm.bias", {hidden}});
  }
  std::vector<TensorToWrite> tensors;
  tensors.reserve(all.size());
  for (const auto& [name, shape] : all) tensors.push_back(numbered(name, shape, tensors.size()));
  return tensors;
}

TensorToWrite& named(std::vector<TensorToWrite>& tensors, const std::string& name) {
  return *std::find_if(tensors.begin(), tensors.end(),
                       [&](const TensorToWrite& tensor) { return tensor.name == name; });
}

// The first element of every weight, in the order of tiny_tensors(): 0, 1, 2 …
std::vector<float> first_elements(const Model& model) {
  std::vector<float> elements;
  const auto take = [&](const TensorView& view) {
    view.read(0, std::span(&elements.emplace_back(), 1));
  };
  const auto take_both = [&](Role role, std::size_t layer = 0) {
    take(model.weights.at(role, layer).weight);
    take(model.weights.at(role, layer).bias);
  };
  take(model.weights.at(Role::word_embeddings).weight);
  take(model.weights.at(Role::position_embeddings).weight);
  if (model.spec.token_types > 0) take(model.weights.at(Role::token_type_embeddings).weight);
  take_both(Role::embedding_norm);
  for (std::size_t layer = 0; layer < model.spec.layers; ++layer) {
    for (const Role role :
         {Role::query, Role::key, Role::value, Role::attention_output, Role::attention_norm,
          Role::intermediate, Role::output, Role::output_norm}) {
      take_both(role, layer);
    }
  }
  return elements;
}

class LoadModel : public ::testing::Test {
 protected:
  LoadModel() { write("config.json", tiny_config().dump()); }

  void write(const std::string& name, const std::string& content) {
    static_cast<void>(folder_.write(name, content));
  }
  void write_weights(const std::vector<TensorToWrite>& tensors) {
    write("model.safetensors", safetensors(tensors));
  }

  // Two shards and their index; the caller may change the index before it is written.
  json write_shards() {
    const std::vector<TensorToWrite> tensors = tiny_tensors();
    const auto middle = tensors.begin() + kShardEnd;
    write("a.safetensors", safetensors({tensors.begin(), middle}));
    write("b.safetensors", safetensors({middle, tensors.end()}));
    json index{{"metadata", {{"total_size", 1}}}};
    for (auto tensor = tensors.begin(); tensor != tensors.end(); ++tensor) {
      index["weight_map"][tensor->name] = tensor < middle ? "a.safetensors" : "b.safetensors";
    }
    return index;
  }
  void write_index(const json& index) { write("model.safetensors.index.json", index.dump()); }

  Model load() { return load_model(folder_.path()); }

  [[nodiscard]] std::string refusal() {
    try {
      load();
      return "accepted";
    } catch (const Error& error) {
      return error.what();
    }
  }

  void expect_all_weights() {
    const std::vector<float> elements = first_elements(load());
    ASSERT_EQ(elements.size(), 37U);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      EXPECT_EQ(elements[i], static_cast<float>(i)) << tiny_tensors()[i].name;
    }
  }

  TemporaryFolder folder_;
};

TEST_F(LoadModel, FindsEveryWeight) {
  write_weights(tiny_tensors());
  expect_all_weights();
  const Model model = load();
  EXPECT_EQ(model.folder, folder_.path());
  EXPECT_EQ(model.spec.hidden_size, hidden);
  EXPECT_THAT(model.weight_files, ElementsAre(folder_.path() / "model.safetensors"));
  EXPECT_THAT(model.weights.at(Role::output, 1).weight.shape, ElementsAre(hidden, intermediate));
}

TEST_F(LoadModel, KeepsTheWeightsMappedAsLongAsACopyLives) {
  write_weights(tiny_tensors());
  Model copy;
  {
    const Model model = load();
    copy = model;
  }
  fs::remove(folder_.path() / "model.safetensors");
  EXPECT_EQ(first_elements(copy)[36], 36);
}

TEST_F(LoadModel, TakesTheBertPrefix) {
  auto tensors = tiny_tensors();
  for (TensorToWrite& tensor : tensors) tensor.name = "bert." + tensor.name;
  write_weights(tensors);
  expect_all_weights();
}

// Its tensors stand in the order of tiny_tensors(), without the token types.
TEST_F(LoadModel, FindsEveryWeightOfDistilBert) {
  write("config.json", json{{"model_type", "distilbert"},
                            {"dim", hidden},
                            {"n_heads", 2},
                            {"n_layers", layers},
                            {"hidden_dim", intermediate},
                            {"vocab_size", 10},
                            {"max_position_embeddings", 8}}
                           .dump());
  std::vector<std::string> names{"embeddings.word_embeddings.weight",
                                 "embeddings.position_embeddings.weight",
                                 "embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"};
  for (std::size_t i = 0; i < layers; ++i) {
    for (const char* const part :
         {"attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin",
          "sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm"}) {
      names.push_back(fmt::format("transformer.layer.{}.{}.weight", i, part));
      names.push_back(fmt::format("transformer.layer.{}.{}.bias", i, part));
    }
  }
  std::vector<TensorToWrite> bert = tiny_tensors();
  std::erase_if(bert, [](const TensorToWrite& tensor) {
    return tensor.name == "embeddings.token_type_embeddings.weight";
  });
  ASSERT_EQ(bert.size(), names.size());
  for (const char* const prefix : {"", "distilbert."}) {
    std::vector<TensorToWrite> tensors;
    for (std::size_t i = 0; i < names.size(); ++i) {
      tensors.push_back(numbered(prefix + names[i], bert[i].shape, i));
    }
    tensors.push_back(numbered("vocab_layer_norm.weight", {hidden}, 99));
    write_weights(tensors);
    const Model model = load();
    EXPECT_FALSE(model.spec.pooler);
    const std::vector<float> elements = first_elements(model);
    ASSERT_EQ(elements.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      EXPECT_EQ(elements[i], static_cast<float>(i)) << names[i];
    }
    EXPECT_THROW(static_cast<void>(model.weights.at(Role::token_type_embeddings)),
                 std::out_of_range);
  }
  write_weights(bert);
  EXPECT_THAT(refusal(), HasSubstr("tensor 'transformer.layer.0.attention.q_lin.weight': is "
                                   "missing"));
}

std::vector<float> elements_of(const TensorView& view) {
  std::vector<float> elements(view.size());
  view.read(0, elements);
  return elements;
}

json tiny_modernbert() {
  return {{"model_type", "modernbert"}, {"hidden_size", hidden},
          {"num_attention_heads", 2},   {"num_hidden_layers", 1},
          {"vocab_size", 10},           {"intermediate_size", intermediate},
          {"attention_bias", true},     {"max_position_embeddings", 8}};
}

std::vector<TensorToWrite> tiny_modernbert_tensors() {
  return {numbered("model.embeddings.tok_embeddings.weight", {10, hidden}, 100),
          numbered("model.embeddings.norm.weight", {hidden}, 200),
          numbered("model.layers.0.attn.Wqkv.weight", {3 * hidden, hidden}, 300),
          numbered("model.layers.0.attn.Wqkv.bias", {3 * hidden}, 400),
          numbered("model.layers.0.attn.Wo.weight", {hidden, hidden}, 500),
          numbered("model.layers.0.attn.Wo.bias", {hidden}, 600),
          numbered("model.layers.0.mlp.Wi.weight", {2 * intermediate, hidden}, 700),
          numbered("model.layers.0.mlp.Wo.weight", {hidden, intermediate}, 800),
          numbered("model.layers.0.mlp_norm.weight", {hidden}, 900),
          numbered("model.final_norm.weight", {hidden}, 1000)};
}

TEST_F(LoadModel, TakesARolesRowsOfATensor) {
  write("config.json", tiny_modernbert().dump());
  write_weights(tiny_modernbert_tensors());
  const Model model = load();
  float first = 300;
  float first_bias = 400;
  for (const Role role : {Role::query, Role::key, Role::value}) {
    const Weight& weight = model.weights.at(role);
    EXPECT_THAT(weight.weight.shape, ElementsAre(hidden, hidden));
    EXPECT_THAT(weight.bias.shape, ElementsAre(hidden));
    EXPECT_EQ(elements_of(weight.weight).front(), first);
    EXPECT_EQ(elements_of(weight.bias).front(), first_bias);
    first += hidden * hidden / 2.0F;
    first_bias += hidden / 2.0F;
  }
  // No copies: the second lies where the first ends.
  EXPECT_EQ(model.weights.at(Role::key).weight.data,
            model.weights.at(Role::query).weight.data + hidden * hidden * sizeof(float));
  EXPECT_EQ(elements_of(model.weights.at(Role::intermediate).weight).front(), 700);
  EXPECT_EQ(elements_of(model.weights.at(Role::gate).weight).front(),
            700 + intermediate * hidden / 2.0F);
  EXPECT_THROW(static_cast<void>(model.weights.at(Role::attention_norm)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(model.weights.at(Role::position_embeddings)), std::out_of_range);
}

TEST_F(LoadModel, TakesARolesRowsOfHalfPrecision) {
  write("config.json", tiny_modernbert().dump());
  auto tensors = tiny_modernbert_tensors();
  TensorToWrite& bias = named(tensors, "model.layers.0.attn.Wqkv.bias");
  bias.dtype = "BF16";
  bias.bytes.clear();
  for (std::size_t i = 0; i < 3 * hidden; ++i) {
    bias.bytes += i == 2 * hidden ? std::string("\x40\xc0", 2) : std::string("\x80\x3f", 2);
  }
  write_weights(tensors);
  EXPECT_THAT(elements_of(load().weights.at(Role::value).bias), ElementsAre(-3, 1, 1, 1));
}

TEST_F(LoadModel, NamesTheShapeOfAWholeTensor) {
  write("config.json", tiny_modernbert().dump());
  auto tensors = tiny_modernbert_tensors();
  named(tensors, "model.layers.0.attn.Wqkv.weight").shape = {hidden, 3 * hidden};
  write_weights(tensors);
  EXPECT_THAT(refusal(), HasSubstr("tensor 'model.layers.0.attn.Wqkv.weight': has the shape "
                                   "[4, 12], where config.json makes it [12, 4]"));
}

// As the hub has them, and as transformers writes them.
TEST_F(LoadModel, TakesBothNamingsOfNomicBert) {
  write("config.json", json{{"model_type", "nomic_bert"},
                            {"n_embd", hidden},
                            {"n_head", 2},
                            {"n_layer", 1},
                            {"n_inner", intermediate},
                            {"vocab_size", 10},
                            {"n_positions", 8}}
                           .dump());
  const auto norm = [](std::vector<TensorToWrite>& tensors, const std::string& name,
                       std::size_t number) {
    tensors.push_back(numbered(name + ".weight", {hidden}, number));
    tensors.push_back(numbered(name + ".bias", {hidden}, number + 1));
  };
  const auto linear = [](std::vector<TensorToWrite>& tensors, const std::string& name,
                         const std::vector<std::size_t>& shape, std::size_t number) {
    tensors.push_back(numbered(name + ".weight", shape, number));
  };
  std::vector<TensorToWrite> older{
      numbered("embeddings.word_embeddings.weight", {10, hidden}, 100),
      numbered("embeddings.token_type_embeddings.weight", {2, hidden}, 110)};
  norm(older, "emb_ln", 120);
  linear(older, "encoder.layers.0.attn.Wqkv", {3 * hidden, hidden}, 200);
  linear(older, "encoder.layers.0.attn.out_proj", {hidden, hidden}, 300);
  norm(older, "encoder.layers.0.norm1", 400);
  linear(older, "encoder.layers.0.mlp.fc11", {intermediate, hidden}, 500);
  linear(older, "encoder.layers.0.mlp.fc12", {intermediate, hidden}, 600);
  linear(older, "encoder.layers.0.mlp.fc2", {hidden, intermediate}, 700);
  norm(older, "encoder.layers.0.norm2", 800);
  std::vector<TensorToWrite> newer{
      numbered("nomic_bert.embeddings.word_embeddings.weight", {10, hidden}, 100),
      numbered("nomic_bert.embeddings.token_type_embeddings.weight", {2, hidden}, 110)};
  norm(newer, "nomic_bert.embeddings.LayerNorm", 120);
  const std::string layer = "nomic_bert.layers.0.";
  linear(newer, layer + "self_attn.q_proj", {hidden, hidden}, 200);
  linear(newer, layer + "self_attn.k_proj", {hidden, hidden}, 208);
  linear(newer, layer + "self_attn.v_proj", {hidden, hidden}, 216);
  linear(newer, layer + "self_attn.o_proj", {hidden, hidden}, 300);
  norm(newer, layer + "post_attention_layernorm", 400);
  linear(newer, layer + "mlp.up_proj", {intermediate, hidden}, 500);
  linear(newer, layer + "mlp.gate_proj", {intermediate, hidden}, 600);
  linear(newer, layer + "mlp.down_proj", {hidden, intermediate}, 700);
  norm(newer, layer + "post_mlp_layernorm", 800);
  std::vector<float> expected;
  for (const auto& tensors : {older, newer}) {
    write_weights(tensors);
    const Model model = load();
    std::vector<float> all;
    for (const Weight& weight : model.weights.all()) {
      for (const TensorView* const view : {&weight.weight, &weight.bias}) {
        if (view->data == nullptr) continue;
        const std::vector<float> elements = elements_of(*view);
        all.insert(all.end(), elements.begin(), elements.end());
      }
    }
    // The activated map is fc12, the second one.
    EXPECT_EQ(elements_of(model.weights.at(Role::intermediate).weight).front(), 600);
    if (expected.empty()) expected = all;
    EXPECT_EQ(all, expected);
  }
  std::erase_if(older, [](const TensorToWrite& tensor) {
    return tensor.name == "encoder.layers.0.attn.Wqkv.weight";
  });
  write_weights(older);
  EXPECT_THAT(refusal(), HasSubstr("tensor 'encoder.layers.0.attn.Wqkv.weight': is missing"));
}

TEST_F(LoadModel, TakesAPoolerWhereThereIsOne) {
  auto tensors = tiny_tensors();
  write_weights(tensors);
  EXPECT_FALSE(load().spec.pooler);
  tensors.push_back(numbered("pooler.dense.weight", {hidden, hidden}, 50));
  tensors.push_back(numbered("pooler.dense.bias", {hidden}, 51));
  write_weights(tensors);
  const Model model = load();
  EXPECT_TRUE(model.spec.pooler);
  float first = 0;
  model.weights.at(Role::pooler).bias.read(0, std::span(&first, 1));
  EXPECT_EQ(first, 51);
}

TEST_F(LoadModel, TakesGammaAndBeta) {
  auto tensors = tiny_tensors();
  for (TensorToWrite& tensor : tensors) {
    const std::size_t norm = tensor.name.find("LayerNorm.");
    if (norm == std::string_view::npos) continue;
    const bool weight = tensor.name.ends_with("weight");
    tensor.name =
        "bert." + tensor.name.substr(0, norm) + (weight ? "LayerNorm.gamma" : "LayerNorm.beta");
  }
  for (TensorToWrite& tensor : tensors) {
    if (!tensor.name.starts_with("bert.")) tensor.name = "bert." + tensor.name;
  }
  write_weights(tensors);
  expect_all_weights();
}

TEST_F(LoadModel, IgnoresOtherTensorsOfAnyType) {
  auto tensors = tiny_tensors();
  tensors.push_back({"embeddings.position_ids", "I64", {1, 2}, std::string(16, '\0')});
  tensors.push_back({"cls.seq_relationship.bias", "F64", {1}, std::string(8, '\0')});
  tensors.push_back({"cls.predictions.bias", "F8_E4M3", {3}, std::string(3, '\0')});
  write_weights(tensors);
  expect_all_weights();
}

TEST_F(LoadModel, ReadsHalfPrecisionThroughTheSameViews) {
  auto tensors = tiny_tensors();
  TensorToWrite& f16 = named(tensors, "embeddings.LayerNorm.weight");
  f16.dtype = "F16";
  f16.bytes = std::string("\x00\x3c\x00\x40\x00\xc2\x01\x00", 8);  // 1, 2, -3, 2^-24
  TensorToWrite& bf16 = named(tensors, "embeddings.LayerNorm.bias");
  bf16.dtype = "BF16";
  bf16.bytes = std::string("\x80\x3f\x00\x40\x40\xc0\x80\x33", 8);  // 1, 2, -3, 2^-24
  write_weights(tensors);
  const Model model = load();
  std::vector<float> values(4);
  model.weights.at(Role::embedding_norm).weight.read(0, values);
  EXPECT_THAT(values, ElementsAre(1, 2, -3, 0x1p-24F));
  model.weights.at(Role::embedding_norm).bias.read(0, values);
  EXPECT_THAT(values, ElementsAre(1, 2, -3, 0x1p-24F));
}

TEST_F(LoadModel, RefusesWeightsOfOtherTypes) {
  auto tensors = tiny_tensors();
  named(tensors, "embeddings.LayerNorm.weight").dtype = "I32";
  write_weights(tensors);
  EXPECT_THAT(refusal(), HasSubstr("model.safetensors: tensor 'embeddings.LayerNorm.weight': is of "
                                   "type I32; weights are F32, F16 or BF16"));
}

TEST_F(LoadModel, NamesAMissingTensor) {
  for (const TensorToWrite& missing : tiny_tensors()) {
    auto tensors = tiny_tensors();
    std::erase_if(tensors,
                  [&](const TensorToWrite& tensor) { return tensor.name == missing.name; });
    write_weights(tensors);
    EXPECT_THAT(refusal(),
                HasSubstr("model.safetensors: tensor '" + missing.name + "': is missing"));
  }
  write("model.safetensors", safetensors(std::vector<TensorToWrite>{}));
  EXPECT_THAT(refusal(), HasSubstr("tensor 'embeddings.word_embeddings.weight': is missing"));
}

TEST_F(LoadModel, NamesATensorOfAnotherShape) {
  for (const TensorToWrite& wrong : tiny_tensors()) {
    auto tensors = tiny_tensors();
    auto shape = wrong.shape;
    shape.insert(shape.begin(), 1);  // as many bytes
    named(tensors, wrong.name).shape = shape;
    write_weights(tensors);
    EXPECT_THAT(refusal(), HasSubstr("tensor '" + wrong.name + "': has the shape [1, "))
        << wrong.name;
  }
  json config = tiny_config();
  config["vocab_size"] = 11;
  write("config.json", config.dump());
  write_weights(tiny_tensors());
  EXPECT_THAT(refusal(), HasSubstr("tensor 'embeddings.word_embeddings.weight': has the shape "
                                   "[10, 4], where config.json makes it [11, 4]"));
}

TEST_F(LoadModel, ReadsShards) {
  write_index(write_shards());
  expect_all_weights();
  EXPECT_THAT(load().weight_files,
              ElementsAre(folder_.path() / "a.safetensors", folder_.path() / "b.safetensors"));
}

TEST_F(LoadModel, PrefersTheSingleFileAsTransformersDoes) {
  write_index(write_shards());
  write_weights(tiny_tensors());
  EXPECT_THAT(load().weight_files, ElementsAre(folder_.path() / "model.safetensors"));
}

// The hub's cache keeps files elsewhere and links to them.
TEST_F(LoadModel, FollowsSymbolicLinks) {
  const TemporaryFolder blobs;
  fs::create_symlink(blobs.write("blob", safetensors(tiny_tensors())),
                     folder_.path() / "model.safetensors");
  expect_all_weights();
}

TEST_F(LoadModel, NamesAMissingShard) {
  write_index(write_shards());
  fs::remove(folder_.path() / "b.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("b.safetensors: No such file or directory"));
}

TEST_F(LoadModel, NamesATensorThatItsShardLacks) {
  json index = write_shards();
  index["weight_map"]["encoder.layer.1.output.dense.bias"] = "a.safetensors";
  write_index(index);
  EXPECT_THAT(refusal(), HasSubstr("a.safetensors: tensor 'encoder.layer.1.output.dense.bias': is "
                                   "missing, though model.safetensors.index.json says"));
}

TEST_F(LoadModel, AnIndexMayListWhatNobodyNeeds) {
  json index = write_shards();
  index["weight_map"]["embeddings.position_ids"] = "a.safetensors";
  write_index(index);
  expect_all_weights();
}

// A copy in another shard, which an earlier writing left there.
TEST_F(LoadModel, TheIndexDecidesWhichFileATensorIsReadFrom) {
  write_index(write_shards());
  std::vector<TensorToWrite> tensors = tiny_tensors();
  TensorToWrite stale = tensors.back();
  std::ranges::fill(stale.bytes, '\0');
  tensors.erase(tensors.begin() + kShardEnd, tensors.end());
  tensors.push_back(std::move(stale));
  write("a.safetensors", safetensors(tensors));
  expect_all_weights();
}

TEST_F(LoadModel, NamesATensorThatNoShardHolds) {
  json index = write_shards();
  json weight_map = json::object();
  for (const auto& [tensor, shard] : index["weight_map"].items()) {
    if (shard == "a.safetensors") weight_map[tensor] = shard;
  }
  index["weight_map"] = weight_map;
  write_index(index);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("model.safetensors.index.json: tensor 'encoder.layer.0."),
                               HasSubstr("is missing")));
}

TEST_F(LoadModel, KeepsShardsInsideTheFolder) {
  const TemporaryFolder outside;
  static_cast<void>(outside.write("a.safetensors", safetensors(tiny_tensors())));
  for (const json& name : {json("../" + outside.path().filename().string() + "/a.safetensors"),
                           json((outside.path() / "a.safetensors").string()), json(".."), json("."),
                           json(""), json("sub/a.safetensors"),
                           json(std::string("a.safetensors\0", 14)), json(1), json(nullptr)}) {
    json index = write_shards();
    index["weight_map"]["embeddings.LayerNorm.bias"] = name;
    write_index(index);
    EXPECT_THAT(refusal(), HasSubstr("model.safetensors.index.json: tensor "
                                     "'embeddings.LayerNorm.bias': has no plain file name"))
        << name;
  }
}

TEST_F(LoadModel, RefusesAnIndexWithoutAWeightMap) {
  for (const json& index :
       {json::object(), json{{"weight_map", 1}}, json{{"weight_map", json::object()}}}) {
    write_index(index);
    EXPECT_THAT(refusal(), HasSubstr("model.safetensors.index.json: weight_map: is not an object"));
  }
}

TEST_F(LoadModel, ReadsPickledWeights) {
  std::vector<TorchTensor> tensors;
  Files storages;
  for (const auto& tensor : tiny_tensors()) {
    std::vector<std::int64_t> shape(tensor.shape.begin(), tensor.shape.end());
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t i = shape.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * shape[i + 1];
    const std::string key = std::to_string(storages.size());
    tensors.push_back({.name = tensor.name,
                       .key = key,
                       .count = std::ssize(tensor.bytes) / 4,
                       .shape = std::move(shape),
                       .strides = std::move(strides)});
    storages.emplace_back(key, tensor.bytes);
  }
  write("pytorch_model.bin", torch_zip(pickled_state_dict(tensors), storages));
  expect_all_weights();
  write("pytorch_model.bin", torch_row_of_pickles(pickled_state_dict(tensors), storages, 4));
  expect_all_weights();
  write_weights(tiny_tensors());
  EXPECT_THAT(load().weight_files, ElementsAre(folder_.path() / "model.safetensors"));
}

TEST_F(LoadModel, NamesTheFileOfPickledWeights) {
  write("pytorch_model.bin", "");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("pytorch_model.bin: byte 0 of its pickle"),
                               Not(HasSubstr("pull request"))));
  write("pytorch_model.bin", torch_zip(pickled_global("os", "system"), {}));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("asks for os.system, which weights do not need"),
                               HasSubstr("NAME@refs/pr/N reads those of pull request N")));
}

TEST_F(LoadModel, RefusesAdapters) {
  write("adapter_config.json", "{}");
  EXPECT_THAT(refusal(), HasSubstr("adapter_config.json: adapters are not supported"));
}

TEST_F(LoadModel, SaysWhatAFolderLacks) {
  EXPECT_THAT(refusal(),
              HasSubstr("has no weights: neither model.safetensors nor pytorch_model.bin"));
  fs::remove(folder_.path() / "config.json");
  EXPECT_THAT(refusal(), HasSubstr("config.json: No such file or directory"));
  EXPECT_THAT([&] { load_model(folder_.path() / "missing"); },
              ::testing::ThrowsMessage<Error>(HasSubstr("missing: No such file or directory")));
  const fs::path file = folder_.write("file", "");
  EXPECT_THAT([&] { load_model(file); },
              ::testing::ThrowsMessage<Error>(HasSubstr("is not a folder")));
}

TEST_F(LoadModel, NamesTheFileOfAMalformedHeader) {
  write("model.safetensors", "short");
  EXPECT_THAT(refusal(), HasSubstr("model.safetensors: is too short"));
  write("model.safetensors", safetensors(tiny_tensors()) + "x");
  EXPECT_THAT(refusal(), HasSubstr("model.safetensors: holds "));
}

TEST_F(LoadModel, HashesWhatDefinesTheNumbers) {
  write_weights(tiny_tensors());
  write("vocab.txt", "[PAD]\n");
  write("tokenizer_config.json", "{}");
  write("special_tokens_map.json", "{}");
  write("added_tokens.json", "{}");
  write("README.md", "not part of it");
  const Model model = load();
  std::string lines;
  for (const char* const name : {"added_tokens.json", "config.json", "model.safetensors",
                                 "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"}) {
    lines += sha256_of_file(folder_.path() / name) + "  " + name + "\n";
  }
  Sha256 hash;
  hash.update(lines);
  const std::string expected = hash.finish();
  EXPECT_EQ(model_sha256(model), expected);
  write("vocab.txt", "[UNK]\n");
  EXPECT_NE(model_sha256(model), expected);
}

TEST_F(LoadModel, DoesNotHashAnIndexThatItDoesNotUse) {
  write_weights(tiny_tensors());
  const std::string before = model_sha256(load());
  write_index(write_shards());
  EXPECT_EQ(model_sha256(load()), before);
}

TEST_F(LoadModel, FollowsModulesToTheEncodersFolder) {
  write_weights(tiny_tensors());
  const std::vector<float> elements = first_elements(load());
  for (const char* const name : {"config.json", "model.safetensors"}) {
    write(std::string("0_Transformer/") + name, content_of(folder_.path() / name));
    fs::remove(folder_.path() / name);
  }
  write("0_Transformer/vocab.txt", "[PAD]\n");
  write("config.json", R"({"__version__": "0.2.5"})");
  write("modules.json",
        R"([{"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"}])");
  const Model model = load();
  EXPECT_EQ(first_elements(model), elements);
  EXPECT_EQ(model.encoder_folder, folder_.path() / "0_Transformer");
  EXPECT_THAT(model.files, ::testing::UnorderedElementsAre(
                               "0_Transformer/config.json", "0_Transformer/model.safetensors",
                               "0_Transformer/vocab.txt", "modules.json"));
  const std::string before = model_sha256(model);
  write("0_Transformer/vocab.txt", "[UNK]\n");
  EXPECT_NE(model_sha256(load()), before);
  write("modules.json",
        R"([{"path": "../x", "type": "sentence_transformers.models.Transformer"}])");
  EXPECT_THAT(refusal(), HasSubstr("modules.json: module 0: has the path '../x'"));
}

// As a model is stored whose head shares them.
TEST_F(LoadModel, TakesTheWordEmbeddingsFromTheHeadThatSharesThem) {
  std::vector<TensorToWrite> tensors = tiny_tensors();
  for (TensorToWrite& tensor : tensors) tensor.name.insert(0, "bert.");
  named(tensors, "bert.embeddings.word_embeddings.weight").name = "cls.predictions.decoder.weight";
  write_weights(tensors);
  expect_all_weights();
  json config = tiny_config();
  config["tie_word_embeddings"] = false;
  write("config.json", config.dump());
  EXPECT_THAT(refusal(), HasSubstr("tensor 'bert.embeddings.word_embeddings.weight': is missing"));
}

TEST_F(LoadModel, NamesAMissingTensorAsTheFileWould) {
  std::vector<TensorToWrite> tensors = tiny_tensors();
  for (TensorToWrite& tensor : tensors) tensor.name.insert(0, "bert.");
  std::erase_if(tensors, [](const TensorToWrite& tensor) {
    return tensor.name.starts_with("bert.embeddings.word_embeddings") ||
           tensor.name.starts_with("bert.encoder.layer.1.output.dense.bias");
  });
  write_weights(tensors);
  EXPECT_THAT(refusal(), HasSubstr("tensor 'bert.embeddings.word_embeddings.weight': is missing"));
}

TEST_F(LoadModel, HashesAllShardsAndTheirIndex) {
  json index = write_shards();
  write_index(index);
  const std::string before = model_sha256(load());
  index["metadata"] = {};
  write_index(index);
  EXPECT_NE(model_sha256(load()), before);
  write_index(write_shards());
  EXPECT_EQ(model_sha256(load()), before);
  std::string shard = content_of(folder_.path() / "b.safetensors");
  shard.back() = static_cast<char>(shard.back() ^ 1);
  write("b.safetensors", shard);
  EXPECT_NE(model_sha256(load()), before);
}

}  // namespace
}  // namespace normscope

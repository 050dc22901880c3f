#include "model/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "model/architectures/registry.h"
#include "model/roles.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

json minilm() {
  return json::parse(R"({
    "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
    "hidden_size": 384, "num_attention_heads": 12, "num_hidden_layers": 6,
    "intermediate_size": 1536, "vocab_size": 30522, "max_position_embeddings": 512,
    "type_vocab_size": 2, "layer_norm_eps": 1e-12, "position_embedding_type": "absolute",
    "hidden_dropout_prob": 0.1, "pad_token_id": 0, "transformers_version": "4.8.2"})");
}

EncoderSpec read(const std::string& content) {
  const TemporaryFolder folder;
  return read_model_config(folder.write("config.json", content)).spec;
}

std::string refusal(const std::string& content) {
  try {
    read(content);
    return "accepted";
  } catch (const Error& error) {
    return error.what();
  }
}

std::string refusal_with(const std::string& key, const json& value) {
  json config = minilm();
  config[key] = value;
  return refusal(config.dump());
}

TEST(ModelConfig, ReadsTheSizes) {
  const EncoderSpec config = read(minilm().dump(2));
  EXPECT_EQ(config.hidden_size, 384U);
  EXPECT_EQ(config.heads, 12U);
  EXPECT_EQ(config.layers, 6U);
  EXPECT_EQ(config.intermediate_size, 1536U);
  EXPECT_EQ(config.vocabulary_size, 30522U);
  EXPECT_EQ(config.max_positions, 512U);
  EXPECT_EQ(config.token_types, 2U);
  EXPECT_EQ(config.layer_norm_epsilon, 1e-12F);
  EXPECT_EQ(config.activation, Activation::gelu);
}

// As in the configs of 2019, which name neither the architecture nor what has a default.
TEST(ModelConfig, FillsInTheDefaultsOfBertConfig) {
  json config = minilm();
  for (const char* const key : {"architectures", "model_type", "hidden_act", "type_vocab_size",
                                "layer_norm_eps", "position_embedding_type"}) {
    config.erase(key);
  }
  const EncoderSpec read_config = read(config.dump());
  EXPECT_EQ(read_config.activation, Activation::gelu);
  EXPECT_EQ(read_config.token_types, 2U);
  EXPECT_EQ(read_config.layer_norm_epsilon, 1e-12F);
  for (const char* const key : {"architectures", "hidden_act", "layer_norm_eps"}) {
    EXPECT_EQ(refusal_with(key, nullptr), "accepted") << key;
  }
}

TEST(ModelConfig, NeedsTheSizes) {
  for (const char* const key : {"hidden_size", "num_attention_heads", "num_hidden_layers",
                                "intermediate_size", "vocab_size", "max_position_embeddings"}) {
    json config = minilm();
    config.erase(key);
    EXPECT_THAT(refusal(config.dump()),
                HasSubstr(std::string("config.json: ") + key + ": is missing"));
  }
}

TEST(ModelConfig, KnowsTheActivations) {
  for (const auto& [name, activation] :
       std::vector<std::pair<std::string, Activation>>{{"gelu", Activation::gelu},
                                                       {"gelu_python", Activation::gelu},
                                                       {"gelu_new", Activation::gelu_new},
                                                       {"gelu_pytorch_tanh", Activation::gelu_new},
                                                       {"gelu_fast", Activation::gelu_new},
                                                       {"gelu_accurate", Activation::gelu_new},
                                                       {"relu", Activation::relu}}) {
    json config = minilm();
    config["hidden_act"] = name;
    EXPECT_EQ(read(config.dump()).activation, activation) << name;
  }
  for (const char* const name : {"quick_gelu", "silu", "GELU", "", "gelu_10"}) {
    EXPECT_THAT(refusal_with("hidden_act", name),
                HasSubstr(std::string("hidden_act: ") + name + " is not supported"));
  }
}

TEST(ModelConfig, TakesABertModelBelowAnyHead) {
  for (const char* const name : {"BertModel", "BertForMaskedLM", "BertForPreTraining",
                                 "BertForSequenceClassification", "BertLMHeadModel"}) {
    EXPECT_EQ(refusal_with("architectures", json::array({name})), "accepted") << name;
  }
}

// As in AutoModel, whatever class of someone else's the encoder was saved from.
TEST(ModelConfig, ModelTypeDecidesOverArchitectures) {
  for (const char* const name : {"HF_ColBERT", "BertForSomethingNew", "RobertaModel"}) {
    EXPECT_EQ(refusal_with("architectures", json::array({name})), "accepted") << name;
  }
}

TEST(ModelConfig, RefusesOtherArchitecturesByName) {
  for (const char* const name : {"roberta", "xlm-roberta", "bert-generation", "BERT", ""}) {
    EXPECT_THAT(refusal_with("model_type", name),
                HasSubstr(std::string("model_type: ") + name + " is not supported"));
  }
  json config = minilm();
  config.erase("model_type");
  for (const char* const name : {"RobertaModel", "JinaBertForMaskedLM", "BertGenerationEncoder"}) {
    config["architectures"] = json::array({name});
    EXPECT_THAT(refusal(config.dump()),
                HasSubstr(std::string("architectures: ") + name + " is not supported"));
  }
  config["architectures"] = json::array({"BertForMaskedLM"});
  EXPECT_EQ(refusal(config.dump()), "accepted");
  for (const char* const name : {"relative_key", "relative_key_query", "alibi", "rotary"}) {
    EXPECT_THAT(refusal_with("position_embedding_type", name),
                HasSubstr(std::string("position_embedding_type: ") + name + " is not supported"));
  }
  EXPECT_THAT(refusal_with("is_decoder", true),
              HasSubstr("is_decoder: a decoder is not supported"));
  EXPECT_THAT(refusal_with("add_cross_attention", true), HasSubstr("add_cross_attention: "));
  EXPECT_EQ(refusal_with("is_decoder", false), "accepted");
}

TEST(ModelConfig, RefusesImpossibleNumbers) {
  for (const char* const key :
       {"hidden_size", "num_attention_heads", "num_hidden_layers", "intermediate_size",
        "vocab_size", "max_position_embeddings", "type_vocab_size"}) {
    for (const json& value : {json(0), json(-1), json(1.5), json(384.0), json("384"), json(true),
                              json::array(), json(1e300)}) {
      EXPECT_THAT(refusal_with(key, value), AllOf(HasSubstr(std::string(key) + ": is "),
                                                  HasSubstr("not a positive whole number")))
          << value;
    }
    for (const std::uint64_t value : {std::uint64_t{1} << 31, ~std::uint64_t{0}}) {
      EXPECT_THAT(refusal_with(key, value), AllOf(HasSubstr(key), HasSubstr("more than"))) << value;
    }
  }
  EXPECT_THAT(refusal_with("num_attention_heads", 5),
              HasSubstr("num_attention_heads: 5 does not divide hidden_size 384"));
  EXPECT_THAT(refusal_with("num_attention_heads", 768), HasSubstr("does not divide"));
}

TEST(ModelConfig, RefusesAnImpossibleEpsilon) {
  for (const json& value : {json(0), json(-1e-12), json(1), json(1e-60), json(1e300)}) {
    EXPECT_THAT(refusal_with("layer_norm_eps", value), HasSubstr("not between 0 and 1")) << value;
  }
  EXPECT_THAT(refusal_with("layer_norm_eps", "1e-12"),
              HasSubstr("layer_norm_eps: is of type string"));
}

TEST(ModelConfig, RefusesValuesOfAnotherKind) {
  EXPECT_THAT(refusal_with("model_type", 1), HasSubstr("model_type: is 1, not a string"));
  EXPECT_THAT(refusal_with("hidden_act", json::object()),
              HasSubstr("hidden_act: is of type object"));
  EXPECT_THAT(refusal_with("architectures", "BertModel"),
              HasSubstr("architectures: is of type string"));
  EXPECT_THAT(refusal_with("architectures", json::array({1})), HasSubstr("not a list of strings"));
  EXPECT_THAT(refusal_with("is_decoder", "no"), HasSubstr("is_decoder: is of type string"));
}

TEST(ModelConfig, ReadsDistilBert) {
  const json distilbert = json::parse(R"({
    "architectures": ["DistilBertForMaskedLM"], "model_type": "distilbert", "activation": "relu",
    "dim": 768, "n_heads": 12, "n_layers": 6, "hidden_dim": 3072, "vocab_size": 30522,
    "max_position_embeddings": 512, "sinusoidal_pos_embds": false, "tie_weights_": true,
    "layer_norm_eps": 0.5, "type_vocab_size": 2, "hidden_act": "silu"})");
  const EncoderSpec spec = read(distilbert.dump());
  EXPECT_EQ(spec.hidden_size, 768U);
  EXPECT_EQ(spec.heads, 12U);
  EXPECT_EQ(spec.layers, 6U);
  EXPECT_EQ(spec.intermediate_size, 3072U);
  EXPECT_EQ(spec.vocabulary_size, 30522U);
  EXPECT_EQ(spec.max_positions, 512U);
  EXPECT_EQ(spec.activation, Activation::relu);
  // BERT's keys say nothing here: no token types, and an epsilon that the code has.
  EXPECT_EQ(spec.token_types, 0U);
  EXPECT_EQ(spec.layer_norm_epsilon, 1e-12F);
  EXPECT_FALSE(spec.pooler);

  json other = distilbert;
  other.erase("model_type");
  EXPECT_EQ(read(other.dump()).hidden_size, 768U);
  other = distilbert;
  other.erase("activation");
  EXPECT_EQ(read(other.dump()).activation, Activation::gelu);
  for (const char* const key :
       {"dim", "n_heads", "n_layers", "hidden_dim", "vocab_size", "max_position_embeddings"}) {
    other = distilbert;
    other.erase(key);
    EXPECT_THAT(refusal(other.dump()), HasSubstr(std::string(key) + ": is missing"));
  }
  other = distilbert;
  other["n_heads"] = 5;
  EXPECT_THAT(refusal(other.dump()), HasSubstr("n_heads: 5 does not divide dim 768"));
}

TEST(Architectures, HaveANameForEachRole) {
  std::set<std::string_view> types;
  for (const Architecture* const architecture : architectures()) {
    EXPECT_TRUE(types.insert(architecture->model_type).second) << architecture->model_type;
    std::set<Role> roles;
    std::set<std::string_view> names;
    for (const auto& [role, name] : architecture->names) {
      EXPECT_TRUE(roles.insert(role).second) << name;
      EXPECT_TRUE(names.insert(name).second) << name;
    }
    EncoderSpec spec{.layers = 1};
    spec.token_types = roles.contains(Role::token_type_embeddings) ? 2 : 0;
    spec.pooler = roles.contains(Role::pooler);
    for (const Slot& slot : slots_of(spec)) roles.erase(slot.role);
    EXPECT_TRUE(roles.empty()) << architecture->model_type;
    EXPECT_EQ(names.size(), slots_of(spec).size()) << architecture->model_type;
  }
}

TEST(ModelConfig, NamesTheLineOfASyntaxError) {
  EXPECT_THAT(refusal("{\n  \"hidden_size\": 384,\n  \"heads\" 1\n}"),
              HasSubstr("config.json: line 3, column 11: is not valid JSON"));
  EXPECT_THAT(refusal(""), HasSubstr("is not valid JSON"));
  EXPECT_THAT(refusal("{\"a\": \"\xff\"}"), HasSubstr("is not valid JSON"));
  EXPECT_THAT(refusal("{}" + std::string(1, '\0') + "{"), HasSubstr("is not valid JSON"));
  EXPECT_THAT(refusal("{\"a\": 1e999}"), HasSubstr("out of range"));
  for (const char* const root : {"[]", "1", "null", "\"bert\""}) {
    EXPECT_THAT(refusal(root), HasSubstr("is not a JSON object"));
  }
}

TEST(ModelConfig, RefusesDeepNestingAndHugeFiles) {
  const std::string deep(1'000'000, '[');
  EXPECT_THAT(refusal("{\"a\": " + deep), HasSubstr("nests deeper than 64 levels"));
  json config = minilm();
  config["nested"] = json::parse(std::string(60, '[') + std::string(60, ']'));
  EXPECT_EQ(refusal(config.dump()), "accepted");
  EXPECT_THAT(refusal(std::string((16U << 20) + 1, ' ')), HasSubstr("larger than 16 MiB"));
}

TEST(ModelConfig, NamesAMissingFile) {
  const TemporaryFolder folder;
  EXPECT_THAT([&] { read_model_config(folder.path() / "config.json"); },
              ::testing::ThrowsMessage<Error>(HasSubstr("config.json: No such file or directory")));
}

}  // namespace
}  // namespace normscope

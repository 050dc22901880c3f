#include "model/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
                                                       {"relu", Activation::relu},
                                                       {"silu", Activation::silu},
                                                       {"swish", Activation::silu}}) {
    json config = minilm();
    config["hidden_act"] = name;
    EXPECT_EQ(read(config.dump()).activation, activation) << name;
  }
  for (const char* const name : {"quick_gelu", "mish", "GELU", "", "gelu_10"}) {
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
  for (const char* const name :
       {"deberta", "xlm-roberta-xl", "xmod", "bert-generation", "BERT", ""}) {
    EXPECT_THAT(refusal_with("model_type", name),
                HasSubstr(std::string("model_type: ") + name + " is not supported"));
  }
  json config = minilm();
  config.erase("model_type");
  for (const char* const name : {"DebertaModel", "JinaBertForMaskedLM", "BertGenerationEncoder"}) {
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
  EXPECT_THAT(refusal_with("is_causal", true),
              HasSubstr("is_causal: causal attention is not supported"));
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

TEST(ModelConfig, ReadsRobertaAndItsKin) {
  json roberta = minilm();
  roberta["max_position_embeddings"] = 514;
  roberta["type_vocab_size"] = 1;
  for (const char* const type : {"roberta", "xlm-roberta", "camembert"}) {
    roberta["model_type"] = type;
    roberta["pad_token_id"] = 1;
    EncoderSpec spec = read(roberta.dump());
    EXPECT_EQ(spec.padding_id, 1U) << type;
    EXPECT_EQ(spec.first_position, 2U);
    EXPECT_EQ(spec.max_positions, 512U);
    EXPECT_EQ(spec.token_types, 1U);
    EXPECT_TRUE(spec.pooler);
    roberta.erase("pad_token_id");
    EXPECT_EQ(read(roberta.dump()).padding_id, 1U);
    roberta["pad_token_id"] = 0;
    spec = read(roberta.dump());
    EXPECT_EQ(spec.padding_id, 0U);
    EXPECT_EQ(spec.max_positions, 513U);
  }
  for (const json& value : {json(-1), json(1.5), json("1")}) {
    roberta["pad_token_id"] = value;
    EXPECT_THAT(refusal(roberta.dump()), HasSubstr("pad_token_id: is "));
  }
  for (const json& value : {json(513), json(~std::uint64_t{0})}) {
    roberta["pad_token_id"] = value;
    EXPECT_THAT(refusal(roberta.dump()),
                HasSubstr("max_position_embeddings: is 514, where the rows up to"));
  }
  roberta["pad_token_id"] = 512;
  EXPECT_EQ(read(roberta.dump()).max_positions, 1U);
  roberta.erase("model_type");
  for (const char* const name : {"RobertaForMaskedLM", "XLMRobertaModel", "CamembertModel"}) {
    roberta["architectures"] = json::array({name});
    EXPECT_EQ(read(roberta.dump()).padding_id, 512U) << name;
  }
  roberta["position_embedding_type"] = "relative_key";
  EXPECT_THAT(refusal(roberta.dump()), HasSubstr("position_embedding_type: relative_key"));
}

TEST(ModelConfig, ReadsElectra) {
  json electra = minilm();
  electra["model_type"] = "electra";
  EXPECT_THAT(refusal(electra.dump()), HasSubstr("embedding_size: is missing"));
  electra["embedding_size"] = 128;
  EXPECT_EQ(read(electra.dump()).embedding_size, 128U);
  EXPECT_FALSE(read(electra.dump()).pooler);
  electra["embedding_size"] = electra["hidden_size"];
  EXPECT_EQ(read(electra.dump()).embedding_size, 0U);
}

TEST(ModelConfig, ReadsAlbert) {
  json albert = minilm();
  albert["model_type"] = "albert";
  EXPECT_THAT(refusal(albert.dump()), HasSubstr("embedding_size: is missing"));
  albert["embedding_size"] = albert["hidden_size"];
  albert.erase("hidden_act");
  EncoderSpec spec = read(albert.dump());
  // There is a linear map even where it changes no width.
  EXPECT_EQ(spec.embedding_size, 384U);
  EXPECT_EQ(spec.layer_groups, 1U);
  EXPECT_EQ(spec.activation, Activation::gelu_new);
  EXPECT_TRUE(spec.pooler);
  albert["num_hidden_groups"] = 3;
  EXPECT_EQ(read(albert.dump()).layer_groups, 3U);
  for (const std::size_t groups : {4U, 12U}) {
    albert["num_hidden_groups"] = groups;
    EXPECT_THAT(refusal(albert.dump()), HasSubstr("does not divide num_hidden_layers 6"));
  }
  albert["num_hidden_groups"] = 1;
  albert["inner_group_num"] = 2;
  EXPECT_THAT(refusal(albert.dump()), HasSubstr("inner_group_num: 2 is not supported, only 1 is"));
}

TEST(ModelConfig, ReadsMpnet) {
  json mpnet = minilm();
  mpnet["model_type"] = "mpnet";
  mpnet["pad_token_id"] = 5;
  mpnet["max_position_embeddings"] = 514;
  const EncoderSpec spec = read(mpnet.dump());
  // What the code has whatever pad_token_id says, and no token types.
  EXPECT_EQ(spec.padding_id, 1U);
  EXPECT_EQ(spec.first_position, 2U);
  EXPECT_EQ(spec.max_positions, 512U);
  EXPECT_EQ(spec.token_types, 0U);
  EXPECT_EQ(spec.relative_buckets, 32U);
  mpnet["relative_attention_num_buckets"] = 64;
  EXPECT_THAT(refusal(mpnet.dump()),
              HasSubstr("relative_attention_num_buckets: 64 is not supported, only 32 is"));
}

json modernbert() {
  return json::parse(R"({
    "architectures": ["ModernBertForMaskedLM"], "model_type": "modernbert", "hidden_size": 768,
    "num_attention_heads": 12, "num_hidden_layers": 22, "intermediate_size": 1152,
    "vocab_size": 50368, "max_position_embeddings": 8192, "hidden_activation": "gelu",
    "norm_eps": 1e-5, "norm_bias": false, "attention_bias": false, "mlp_bias": false,
    "global_attn_every_n_layers": 3, "global_rope_theta": 160000.0, "local_attention": 128,
    "local_rope_theta": 10000.0, "position_embedding_type": "absolute", "pad_token_id": 50283,
    "layer_norm_eps": 0.5, "reference_compile": true})");
}

TEST(ModelConfig, ReadsModernBert) {
  json config = modernbert();
  EncoderSpec spec = read(config.dump());
  EXPECT_EQ(spec.max_positions, 8192U);
  EXPECT_EQ(spec.token_types, 0U);
  EXPECT_EQ(spec.layer_norm_epsilon, 1e-5F);
  EXPECT_EQ(spec.activation, Activation::gelu);
  EXPECT_FALSE(spec.absolute_positions);
  EXPECT_EQ(spec.rotary_base, 160000);
  EXPECT_EQ(spec.local_rotary_base, 10000);
  EXPECT_EQ(spec.rotary_divisor, 1);
  EXPECT_EQ(spec.local_layers,
            (std::vector<std::size_t>{1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20}));
  EXPECT_EQ(spec.local_reach, 64U);
  EXPECT_EQ(spec.norms, NormPlace::before);
  EXPECT_FALSE(spec.first_attention_norm);
  EXPECT_TRUE(spec.gated_feed_forward);
  EXPECT_FALSE(spec.pooler);
  EXPECT_FALSE(spec.attention_biases || spec.intermediate_biases || spec.output_biases ||
               spec.norm_biases);

  // What the class has where the file has nothing.
  for (const char* const key :
       {"hidden_activation", "norm_eps", "norm_bias", "attention_bias", "mlp_bias",
        "global_attn_every_n_layers", "global_rope_theta", "local_attention", "local_rope_theta"}) {
    config.erase(key);
  }
  const EncoderSpec defaults = read(config.dump());
  EXPECT_EQ(defaults.layer_norm_epsilon, 1e-5F);
  EXPECT_EQ(defaults.rotary_base, 160000);
  EXPECT_EQ(defaults.local_rotary_base, 10000);
  EXPECT_EQ(defaults.local_layers, spec.local_layers);
  EXPECT_EQ(defaults.local_reach, 64U);
  EXPECT_FALSE(defaults.norm_biases);

  config["norm_bias"] = config["attention_bias"] = config["mlp_bias"] = true;
  spec = read(config.dump());
  EXPECT_TRUE(spec.attention_biases && spec.intermediate_biases && spec.output_biases &&
              spec.norm_biases);
}

TEST(ModelConfig, ReadsTheKindsOfModernBertsLayers) {
  json config = modernbert();
  config["num_hidden_layers"] = 3;
  config["layer_types"] = {"sliding_attention", "full_attention", "sliding_attention"};
  config["local_attention"] = 7;
  config["rope_parameters"] = {{"full_attention", {{"rope_type", "default"}, {"rope_theta", 7.0}}},
                               {"sliding_attention", {{"rope_theta", 5}}}};
  EncoderSpec spec = read(config.dump());
  EXPECT_EQ(spec.local_layers, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(spec.local_reach, 3U);
  EXPECT_EQ(spec.rotary_base, 7);
  EXPECT_EQ(spec.local_rotary_base, 5);
  config["rope_parameters"].erase("full_attention");
  EXPECT_EQ(read(config.dump()).rotary_base, 160000);

  config["layer_types"] = {"full_attention"};
  EXPECT_THAT(refusal(config.dump()),
              HasSubstr("layer_types: has 1 layers, where num_hidden_layers says 3"));
  config["layer_types"] = {"full_attention", "chunked_attention", "full_attention"};
  EXPECT_THAT(refusal(config.dump()), HasSubstr("layer_types: chunked_attention is not supported"));
}

TEST(ModelConfig, RefusesRotaryPositionsThatItCannotCompute) {
  const auto with = [](const char* key, const json& value) {
    json config = modernbert();
    config[key] = value;
    return refusal(config.dump());
  };
  EXPECT_THAT(with("num_attention_heads", 256),
              HasSubstr("num_attention_heads: 256 makes heads of 3 numbers, where rotary positions "
                        "need an even one"));
  EXPECT_THAT(with("max_position_embeddings", 1U << 20),
              HasSubstr("max_position_embeddings: is 1048576, more than 131072"));
  for (const json& value : {json(0), json(-1), json(1e-60), json(1e60)}) {
    EXPECT_THAT(with("global_rope_theta", value), HasSubstr("global_rope_theta: is ")) << value;
  }
  EXPECT_THAT(with("local_rope_theta", "10000"),
              HasSubstr("local_rope_theta: is of type string, not a number"));
  EXPECT_THAT(with("local_rope_theta", nullptr), HasSubstr("local_rope_theta: is null"));
  EXPECT_THAT(with("rope_scaling", {{"type", "linear"}}), HasSubstr("rope_scaling: "));
  EXPECT_THAT(with("sliding_window", 64), HasSubstr("sliding_window: is not supported"));
  EXPECT_THAT(with("rope_parameters", 1), HasSubstr("rope_parameters: is 1, not an object"));
  EXPECT_THAT(with("rope_parameters", {{"sliding_attention", {{"rope_type", "dynamic"}}}}),
              HasSubstr("rope_parameters.sliding_attention.rope_type: dynamic is not supported, "
                        "only default is"));
  EXPECT_THAT(with("rope_parameters", {{"full_attention", {{"rope_theta", 0}}}}),
              HasSubstr("rope_parameters.full_attention.rope_theta: is 0"));
}

json nomic() {
  return json::parse(R"({
    "model_type": "nomic_bert", "activation_function": "swiglu", "architectures": ["NomicBertModel"],
    "causal": false, "layer_norm_epsilon": 1e-12, "max_trained_positions": 2048,
    "mlp_fc1_bias": false, "mlp_fc2_bias": false, "n_embd": 768, "n_head": 12, "n_inner": 3072,
    "n_layer": 12, "n_positions": 8192, "parallel_block": false, "prenorm": false,
    "qkv_proj_bias": false, "rotary_emb_base": 1000, "rotary_emb_fraction": 1.0,
    "rotary_emb_interleaved": false, "rotary_emb_scale_base": null, "rotary_scaling_factor": null,
    "type_vocab_size": 2, "use_rms_norm": false, "vocab_size": 30528})");
}

TEST(ModelConfig, ReadsNomicBert) {
  const EncoderSpec spec = read(nomic().dump());
  EXPECT_EQ(spec.hidden_size, 768U);
  EXPECT_EQ(spec.heads, 12U);
  EXPECT_EQ(spec.layers, 12U);
  EXPECT_EQ(spec.intermediate_size, 3072U);
  // Beyond these the reference would scale the angles by the batch's longest sentence.
  EXPECT_EQ(spec.max_positions, 2048U);
  EXPECT_EQ(spec.token_types, 2U);
  EXPECT_EQ(spec.activation, Activation::silu);
  EXPECT_EQ(spec.rotary_base, 1000);
  EXPECT_TRUE(spec.gated_feed_forward);
  EXPECT_EQ(spec.norms, NormPlace::after);
  EXPECT_TRUE(spec.norm_biases);
  EXPECT_FALSE(spec.attention_biases || spec.intermediate_biases || spec.output_biases);
  EXPECT_FALSE(spec.pooler);
  EXPECT_TRUE(spec.local_layers.empty());
}

TEST(ModelConfig, ReadsTheOwnKeysOfNomicBert) {
  const json own = json::parse(R"({
    "model_type": "nomic_bert", "hidden_size": 64, "num_attention_heads": 4,
    "num_hidden_layers": 3, "intermediate_size": 100, "vocab_size": 50,
    "max_position_embeddings": 512, "hidden_act": "gelu", "layer_norm_eps": 1e-6,
    "rope_parameters": {"rope_type": "default", "rope_theta": 77.0}, "type_vocab_size": 1})");
  const EncoderSpec spec = read(own.dump());
  EXPECT_EQ(spec.hidden_size, 64U);
  EXPECT_EQ(spec.max_positions, 512U);
  EXPECT_EQ(spec.activation, Activation::gelu);
  EXPECT_EQ(spec.layer_norm_epsilon, 1e-6F);
  EXPECT_EQ(spec.rotary_base, 77);
  json longer = own;
  longer["max_position_embeddings"] = 8192;
  EXPECT_EQ(read(longer.dump()).max_positions, 8192U);
  json missing = own;
  missing.erase("hidden_size");
  EXPECT_THAT(refusal(missing.dump()), HasSubstr("hidden_size: is missing"));
}

TEST(ModelConfig, RefusesOtherNomicBertsByName) {
  for (const auto& [key, value] :
       std::vector<std::pair<const char*, json>>{{"prenorm", true},
                                                 {"causal", true},
                                                 {"parallel_block", true},
                                                 {"use_rms_norm", true},
                                                 {"rotary_emb_interleaved", true},
                                                 {"rotary_emb_fraction", 0.5},
                                                 {"rotary_emb_scale_base", 512},
                                                 {"qkv_proj_bias", true},
                                                 {"mlp_fc1_bias", true},
                                                 {"num_experts", 8},
                                                 {"activation_function", "geglu"}}) {
    json config = nomic();
    config[key] = value;
    EXPECT_THAT(refusal(config.dump()),
                AllOf(HasSubstr(std::string(key) + ": "), HasSubstr("not supported")));
  }
}

json gte() {
  return json::parse(R"({
    "model_type": "new", "architectures": ["NewModel"], "hidden_act": "gelu", "hidden_size": 768,
    "intermediate_size": 3072, "layer_norm_eps": 1e-12, "layer_norm_type": "layer_norm",
    "logn_attention_clip1": false, "logn_attention_scale": false, "max_position_embeddings": 8192,
    "num_attention_heads": 12, "num_hidden_layers": 12, "pack_qkv": true, "pad_token_id": 1,
    "position_embedding_type": "rope", "rope_scaling": {"factor": 8.0, "type": "ntk"},
    "rope_theta": 20000, "type_vocab_size": 1, "vocab_size": 250048})");
}

TEST(ModelConfig, ReadsGte) {
  json config = gte();
  EncoderSpec spec = read(config.dump());
  EXPECT_EQ(spec.max_positions, 8192U);
  EXPECT_EQ(spec.token_types, 1U);
  EXPECT_EQ(spec.activation, Activation::gelu);
  EXPECT_EQ(spec.rotary_base, 160000);
  EXPECT_DOUBLE_EQ(spec.rotary_divisor, std::pow(8.0, 1 / 32.0));
  EXPECT_TRUE(spec.attention_biases && spec.output_biases && spec.norm_biases);
  EXPECT_FALSE(spec.intermediate_biases);
  EXPECT_TRUE(spec.gated_feed_forward);
  EXPECT_FALSE(spec.pooler);
  config["type_vocab_size"] = 0;
  config["model_type"] = "gte";
  config.erase("rope_scaling");
  spec = read(config.dump());
  EXPECT_EQ(spec.token_types, 0U);
  EXPECT_EQ(spec.rotary_base, 20000);
  EXPECT_EQ(spec.rotary_divisor, 1);
  config.erase("rope_theta");
  EXPECT_EQ(read(config.dump()).rotary_base, 160000);
  config["model_type"] = "new";
  EXPECT_EQ(read(config.dump()).rotary_base, 10000);
  // As GteModel saves what it has made of them.
  config["rope_parameters"] = {{"rope_type", "linear"}, {"factor", 1.25}, {"rope_theta", 160000.0}};
  spec = read(config.dump());
  EXPECT_EQ(spec.rotary_base, 160000);
  EXPECT_EQ(spec.rotary_divisor, 1.25);
  config["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 77}};
  EXPECT_EQ(read(config.dump()).rotary_base, 77);
}

TEST(ModelConfig, RefusesOtherGtesByName) {
  for (const auto& [key, value] : std::vector<std::pair<const char*, json>>{
           {"position_embedding_type", "absolute"},
           {"layer_norm_type", "rms_norm"},
           {"logn_attention_scale", true},
           {"rope_scaling", {{"type", "dynamic"}}},
           {"rope_scaling", {{"rope_type", "yarn"}}},
           {"rope_scaling", {{"type", "ntk"}, {"mixed_b", 0.9}}},
           {"head_dim", 63},
           {"partial_rotary_factor", 0.5}}) {
    json config = gte();
    config[key] = value;
    EXPECT_THAT(refusal(config.dump()), HasSubstr(std::string("config.json: ") + key)) << value;
  }
}

// The config.json of microsoft/deberta-v3-base.
json deberta() {
  return json::parse(R"({
    "model_type": "deberta-v2", "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1, "hidden_size": 768, "initializer_range": 0.02,
    "intermediate_size": 3072, "max_position_embeddings": 512, "relative_attention": true,
    "position_buckets": 256, "norm_rel_ebd": "layer_norm", "share_att_key": true,
    "pos_att_type": "p2c|c2p", "layer_norm_eps": 1e-7, "max_relative_positions": -1,
    "position_biased_input": false, "num_attention_heads": 12, "num_hidden_layers": 12,
    "type_vocab_size": 0, "vocab_size": 128100})");
}

std::string deberta_refusal(const json& changes) {
  json config = deberta();
  config.update(changes);
  return refusal(config.dump());
}

TEST(ModelConfig, ReadsDeberta) {
  EncoderSpec spec = read(deberta().dump());
  EXPECT_EQ(spec.max_positions, 512U);
  EXPECT_FALSE(spec.absolute_positions);
  EXPECT_EQ(spec.token_types, 0U);
  EXPECT_EQ(spec.embedding_size, 0U);
  EXPECT_FALSE(spec.projection_first);
  EXPECT_EQ(spec.layer_norm_epsilon, 1e-7F);
  EXPECT_EQ(spec.convolution_width, 0U);
  EXPECT_FALSE(spec.pooler);
  ASSERT_TRUE(spec.relative_positions);
  EXPECT_EQ(spec.relative_positions->buckets, 256U);
  EXPECT_EQ(spec.relative_positions->limit, 512U);
  EXPECT_TRUE(spec.relative_positions->content_to_position);
  EXPECT_TRUE(spec.relative_positions->position_to_content);
  EXPECT_FALSE(spec.relative_positions->own_maps);
  EXPECT_TRUE(spec.relative_positions->norm);

  json other = deberta();
  other.update({{"embedding_size", 128},
                {"type_vocab_size", 2},
                {"max_relative_positions", 100},
                {"pos_att_type", json::array({"c2p"})},
                {"norm_rel_ebd", "none"},
                {"position_biased_input", true},
                {"position_buckets", -1},
                {"share_att_key", false},
                {"conv_kernel_size", 3},
                {"conv_act", "relu"}});
  spec = read(other.dump());
  EXPECT_EQ(spec.embedding_size, 128U);
  EXPECT_TRUE(spec.projection_first);
  EXPECT_TRUE(spec.absolute_positions);
  EXPECT_EQ(spec.token_types, 2U);
  EXPECT_EQ(spec.relative_positions->buckets, 0U);
  EXPECT_EQ(spec.relative_positions->limit, 100U);
  EXPECT_TRUE(spec.relative_positions->content_to_position);
  EXPECT_FALSE(spec.relative_positions->position_to_content);
  EXPECT_TRUE(spec.relative_positions->own_maps);
  EXPECT_FALSE(spec.relative_positions->norm);
  EXPECT_EQ(spec.convolution_width, 3U);
  EXPECT_EQ(spec.convolution_activation, Activation::relu);
}

TEST(ModelConfig, FillsInTheDefaultsOfDebertaConfig) {
  json config = deberta();
  for (const char* const key :
       {"hidden_act", "position_buckets", "norm_rel_ebd", "share_att_key", "layer_norm_eps",
        "max_relative_positions", "position_biased_input", "type_vocab_size"}) {
    config.erase(key);
  }
  EncoderSpec spec = read(config.dump());
  EXPECT_EQ(spec.activation, Activation::gelu);
  EXPECT_EQ(spec.layer_norm_epsilon, 1e-7F);
  EXPECT_TRUE(spec.absolute_positions);
  EXPECT_EQ(spec.token_types, 0U);
  EXPECT_EQ(spec.relative_positions->buckets, 0U);
  EXPECT_EQ(spec.relative_positions->limit, 512U);
  EXPECT_TRUE(spec.relative_positions->own_maps);
  EXPECT_FALSE(spec.relative_positions->norm);
  config.erase("pos_att_type");
  EXPECT_FALSE(read(config.dump()).relative_positions);
  config.erase("relative_attention");
  EXPECT_FALSE(read(config.dump()).relative_positions);
}

TEST(ModelConfig, RefusesWhatDebertaHasNotByName) {
  EXPECT_THAT(deberta_refusal({{"pos_att_type", "c2p|p2p"}}),
              HasSubstr("pos_att_type: p2p is not supported, only c2p and p2c are"));
  EXPECT_THAT(deberta_refusal({{"pos_att_type", json::array({"c2p", "p2p"})}}),
              HasSubstr("pos_att_type: p2p is not supported"));
  EXPECT_THAT(deberta_refusal({{"pos_att_type", 1}}), HasSubstr("pos_att_type: is 1, not a list"));
  EXPECT_EQ(deberta_refusal({{"pos_att_type", "P2C | c2p"}}), "accepted");
  EXPECT_THAT(deberta_refusal({{"relative_attention", false}}),
              HasSubstr("pos_att_type: is not supported without relative_attention"));
  EXPECT_THAT(deberta_refusal({{"norm_rel_ebd", "batch_norm"}}),
              HasSubstr("norm_rel_ebd: batch_norm is not supported"));
  EXPECT_THAT(deberta_refusal({{"attention_head_size", 32}}),
              HasSubstr("attention_head_size: 32 is not supported"));
  EXPECT_EQ(deberta_refusal({{"attention_head_size", 64}}), "accepted");
  EXPECT_THAT(deberta_refusal({{"conv_kernel_size", 4}, {"conv_act", "gelu"}}),
              HasSubstr("conv_kernel_size: 4 is not supported, only odd numbers are"));
  EXPECT_THAT(deberta_refusal({{"conv_kernel_size", 3}, {"conv_act", "gelu"}, {"conv_groups", 2}}),
              HasSubstr("conv_groups: 2 is not supported, only 1 is"));
  // What transformers takes where there is no such key.
  EXPECT_THAT(deberta_refusal({{"conv_kernel_size", 3}}),
              HasSubstr("conv_act: tanh is not supported"));
  EXPECT_EQ(deberta_refusal({{"conv_kernel_size", 0}}), "accepted");
  EXPECT_THAT(deberta_refusal({{"position_buckets", 1}}),
              HasSubstr("position_buckets: 1 is not supported with distances up to 512"));
  // No sentence is long enough for the half that is logarithmic, or every one that is not short.
  EXPECT_EQ(deberta_refusal({{"position_buckets", 2000}}), "accepted");
  EXPECT_THAT(deberta_refusal({{"max_relative_positions", 129}}),
              HasSubstr("position_buckets: 256 is not supported with distances up to 129"));
  EXPECT_THAT(deberta_refusal({{"max_position_embeddings", 1U << 21}}),
              HasSubstr("max_position_embeddings: is 2097152, more than 1048576"));
}

TEST(Architectures, HaveANameForEachRole) {
  std::set<std::string_view> types;
  for (const Architecture* const architecture : architectures()) {
    EXPECT_TRUE(types.insert(architecture->model_type).second) << architecture->model_type;
    std::set<Role> roles;
    std::set<std::pair<std::string_view, std::size_t>> names;
    for (const RoleName& known : architecture->names) {
      roles.insert(known.role);
      EXPECT_TRUE(names.insert({known.name, known.part}).second) << known.name;
      EXPECT_LT(known.part, known.parts) << known.name;
    }
    const std::size_t count = roles.size();
    EncoderSpec spec{.layers = 1};
    spec.token_types = roles.contains(Role::token_type_embeddings) ? 2 : 0;
    spec.pooler = roles.contains(Role::pooler);
    spec.embedding_size = roles.contains(Role::embedding_projection) ? 1 : 0;
    spec.relative_buckets = roles.contains(Role::relative_bias) ? 1 : 0;
    spec.absolute_positions = roles.contains(Role::position_embeddings);
    spec.gated_feed_forward = roles.contains(Role::gate);
    if (roles.contains(Role::final_norm)) spec.norms = NormPlace::before;
    if (roles.contains(Role::relative_positions)) {
      spec.relative_positions = RelativePositions{.buckets = 2,
                                                  .limit = 2,
                                                  .content_to_position = true,
                                                  .position_to_content = true,
                                                  .own_maps = true,
                                                  .norm = true};
    }
    spec.convolution_width = roles.contains(Role::convolution) ? 3 : 0;
    for (const Slot& slot : slots_of(spec)) roles.erase(slot.role);
    EXPECT_TRUE(roles.empty()) << architecture->model_type;
    EXPECT_EQ(count, slots_of(spec).size()) << architecture->model_type;
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

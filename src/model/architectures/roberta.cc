// RobertaModel of transformers: models/roberta/{configuration,modeling}_roberta.py. It is BertModel
// except for its positions. XLM-RoBERTa and CamemBERT are the same under other names.
#include "model/architectures/bert.h"

namespace normscope {
namespace {

EncoderSpec read_spec(const ConfigReader& config) {
  EncoderSpec spec = read_bert_spec(config);
  begin_positions_after_padding(config, config.index("pad_token_id", 1), spec);
  return spec;
}

// All three are stored with RobertaModel's prefix.
Architecture named(std::string_view model_type, std::string_view class_prefix) {
  return {.model_type = model_type,
          .class_prefix = class_prefix,
          .tensor_prefixes = {"roberta."},
          .tied_words = "lm_head.decoder.weight",
          .names = bert().names,
          .read_spec = read_spec};
}

}  // namespace

const Architecture& roberta() {
  static const Architecture architecture = named("roberta", "Roberta");
  return architecture;
}

const Architecture& xlm_roberta() {
  static const Architecture architecture = named("xlm-roberta", "XLMRoberta");
  return architecture;
}

const Architecture& camembert() {
  static const Architecture architecture = named("camembert", "Camembert");
  return architecture;
}

}  // namespace normscope

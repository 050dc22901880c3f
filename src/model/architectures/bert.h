#pragma once

#include "model/architectures/architecture.h"

namespace normscope {

/// BERT, on which others are modelled: they have its names or its keys in config.json.
const Architecture& bert();
EncoderSpec read_bert_spec(const ConfigReader& config);

}  // namespace normscope

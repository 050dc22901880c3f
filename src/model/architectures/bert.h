#pragma once

#include "model/architectures/architecture.h"

namespace normscope {

/// BERT, which others are made after: they have its names or its keys of config.json.
const Architecture& bert();
EncoderSpec read_bert_spec(const ConfigReader& config);

}  // namespace normscope

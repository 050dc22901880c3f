#pragma once

#include "base/json_fields.h"
#include "normscope/measure.h"

namespace normscope {

// In results.json, and in the file of a finished shard.

template <class Fields>
void describe(Fields& fields, Of<PrecisionError> auto& error) {
  fields("sentences", error.sentences);
  fields("largest", error.largest);
  fields("mean", error.mean);
  fields("bias", error.bias);
}

}  // namespace normscope

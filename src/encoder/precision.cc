#include <string_view>

#include "normscope/encoder.h"

namespace normscope {

std::string_view name(Precision precision) {
  return precision == Precision::fp32 ? "fp32" : "bf16";
}

}  // namespace normscope

#include "model/architectures/registry.h"

#include <array>

namespace normscope {

#define ARCHITECTURE(name) const Architecture& name();
#include "model/architectures/registry.inc"
#undef ARCHITECTURE

std::span<const Architecture* const> architectures() {
#define ARCHITECTURE(name) &name(),
  static const std::array all{
#include "model/architectures/registry.inc"
  };
#undef ARCHITECTURE
  return all;
}

}  // namespace normscope

#pragma once

#include <span>

#include "model/architectures/architecture.h"

namespace normscope {

/// All architectures that can be read, BERT first.
std::span<const Architecture* const> architectures();

}  // namespace normscope

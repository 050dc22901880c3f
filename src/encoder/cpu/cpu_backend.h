#pragma once

#include <memory>
#include <optional>
#include <span>

#include "encoder/backend.h"
#include "normscope/cpu.h"

namespace normscope {

/// Computes the layers up to the highest one wanted; if only the first tokens of that one are
/// wanted, it has no keys or values for the others. `pooler`: whether pool() will be called. Throws
/// Error if the CPU lacks what the instruction set or the precision needs.
std::unique_ptr<const Backend> make_cpu_backend(const Model& model,
                                                std::span<const LayerWanted> wanted, bool pooler,
                                                const CpuOptions& options, Precision precision);

}  // namespace normscope

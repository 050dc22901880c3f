#pragma once

#include <stop_token>

#include "normscope/error.h"

namespace normscope {

/// Throws Interrupted once `stop` is requested. To be called often: between resamples, iterations
/// and blocks of rows.
inline void check_stop(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Interrupted();
}

}  // namespace normscope

#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace normscope {

/// Calls work(thread, i) for every i < count, on up to `threads` threads (numbered from 0), each
/// taking the next i when it is free. Passes on the first exception; throws Interrupted once `stop`
/// is requested.
void parallel_for(unsigned threads, std::size_t count, const std::stop_token& stop,
                  const std::function<void(unsigned thread, std::size_t i)>& work);

}  // namespace normscope

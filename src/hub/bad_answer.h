#pragma once

#include <stdexcept>

namespace normscope {

/// An answer that the hub would not give: from a proxy or a mirror, or broken.
class BadAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace normscope

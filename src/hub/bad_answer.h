#pragma once

#include <stdexcept>

namespace normscope {

/// An answer that the hub itself would not give: it comes from a proxy or a mirror, or is damaged.
class BadAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace normscope

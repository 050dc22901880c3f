#pragma once

#include <stdexcept>
#include <string>

namespace normscope {

/// No answer, or one that broke off.
class TransferError : public std::runtime_error {
 public:
  TransferError(const std::string& reason, bool lasting)
      : std::runtime_error(reason), lasting_(lasting) {}
  /// Whether trying again is useless (an unknown host, a certificate that is not trusted).
  [[nodiscard]] bool lasting() const { return lasting_; }

 private:
  bool lasting_;
};

}  // namespace normscope

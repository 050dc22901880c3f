#pragma once

#include <stdexcept>
#include <string>

#include "normscope/export.h"

namespace normscope {

/// The one exception type that leaves the library: input that cannot be used, or output that cannot
/// be written. It names the file, the place inside it (a line, a key, a tensor) and the reason.
class NORMSCOPE_EXPORT Error : public std::runtime_error {
 public:
  /// `place` may be empty. what() is "file: place: reason" on one line, with control characters of
  /// hostile input escaped.
  Error(std::string file, std::string place, std::string reason);
  Error(std::string file, std::string reason);

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] const std::string& place() const noexcept { return place_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  std::string file_;
  std::string place_;
  std::string reason_;
};

/// Thrown when a long computation ends early because its std::stop_token was asked to stop.
class NORMSCOPE_EXPORT Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace normscope

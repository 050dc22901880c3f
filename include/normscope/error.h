// What the library throws.
//
//     try {
//       const normscope::Model model = normscope::load_model(folder);
//     } catch (const normscope::Error& error) {
//       std::cerr << error.what() << '\n';  // "folder/config.json: hidden_size: is missing"
//     }
//
// Error is for what the outside world gets wrong: files, networks, a CPU that lacks something.
// Interrupted is for a request to stop. An argument that a caller should not have passed (sizes
// that differ, an option out of range) is std::invalid_argument, an id or a key that does not exist
// std::out_of_range, a call in the wrong order std::logic_error. All of these are derived from
// std::exception, and so is std::bad_alloc.
#pragma once

#include <stdexcept>
#include <string>

#include "normscope/export.h"

namespace normscope {

/// Input that cannot be used, or output that cannot be written. It names the file (or whatever
/// stands for one, such as a URL), the place inside it (a line, a key, a tensor) and the reason.
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

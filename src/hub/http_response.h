#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace normscope {

struct HttpResponse {
  /// Where the answer came from, redirects followed.
  std::string url = {};
  long status = 0;
  /// By lower-case name; the last one if a name is repeated.
  std::map<std::string, std::string> headers = {};
  /// Seconds that Retry-After asks for; 0 if it is missing.
  std::int64_t retry_after = 0;

  /// Empty if it is missing.
  [[nodiscard]] std::string header(const std::string& name) const;

  /// Takes the next line of the headers, a status line among them. A new answer (after a proxy's or
  /// an interim one) begins with its status line, and the headers before it are forgotten.
  void take_line(std::string_view line);
};

}  // namespace normscope

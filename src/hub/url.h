#pragma once

#include <string>

namespace normscope {

/// A URL as understood by libcurl, which will request it.
class Url {
 public:
  /// Throws TransferError.
  explicit Url(const std::string& text);
  Url(const Url&) = delete;
  Url& operator=(const Url&) = delete;
  ~Url();

  /// Follows a redirect to `location`, which may be relative. Throws TransferError.
  void follow(const std::string& location);

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string scheme() const;
  /// Scheme, host and port: what a token is for.
  [[nodiscard]] std::string origin() const;

 private:
  /// libcurl's CURLU.
  void* handle_;
};

}  // namespace normscope

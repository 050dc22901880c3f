#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace normscope {

/// An incremental SHA-256 (OpenSSL).
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::string_view bytes);
  /// The digest of all bytes so far in lower-case hexadecimal; resets the object.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// SHA-256 of a file's bytes in lower-case hexadecimal. Throws Error, and Interrupted when `stop`
/// is requested.
std::string sha256_of_file(const std::filesystem::path& path, const std::stop_token& stop = {});

}  // namespace normscope

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "hub/http_response.h"
#include "hub/transfer_error.h"
#include "normscope/hub.h"

namespace normscope {

/// HTTP requests over one reused libcurl connection. The token goes only to the endpoint's own
/// origin (scheme, host and port), and no request leaves HTTPS for HTTP. libcurl takes proxies and
/// certificates from the environment.
class Http {
 public:
  /// Takes the body of a final answer piece by piece.
  using Sink = std::function<void(const HttpResponse&, std::string_view bytes)>;

  explicit Http(const HubOptions& options);
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;
  ~Http();

  /// A HEAD request that follows redirects up to the hub's redirect to its storage, which says what
  /// it leads to (X-Repo-Commit, X-Linked-Etag and X-Linked-Size). Throws TransferError.
  HttpResponse head(const std::string& url);

  /// A GET request for the bytes from `from` on (Range), which follows all redirects. `sink` is
  /// called for an answer of 200 or 206. Throws TransferError, and what `sink` throws.
  HttpResponse get(const std::string& url, std::uint64_t from, const Sink& sink);

 private:
  struct Handle;
  HttpResponse follow(std::string url, bool is_head, std::uint64_t from, const Sink& sink);
  HttpResponse request(const std::string& url, bool is_head, std::uint64_t from, const Sink& sink);

  std::string origin_;
  std::string token_;
  std::int64_t answer_timeout_;
  std::int64_t silence_timeout_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace normscope

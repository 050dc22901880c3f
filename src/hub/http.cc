#include "hub/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <utility>

#include "hub/url.h"
#include "normscope/version.h"

namespace normscope {
namespace {

constexpr int kMostRedirects = 10;
constexpr std::size_t kMostHeaderBytes = std::size_t{256} << 10;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The state that the callbacks of one request share.
struct Transfer {
  HttpResponse response;
  const Http::Sink* sink = nullptr;
  CURL* curl = nullptr;
  std::size_t header_bytes = 0;
  std::exception_ptr failure;
};

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  try {
    transfer.header_bytes += size;
    if (transfer.header_bytes > kMostHeaderBytes) return 0;
    transfer.response.take_line({data, size});
    return size;
  } catch (...) {
    transfer.failure = std::current_exception();
    return 0;
  }
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  try {
    curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &transfer.response.status);
    const bool wanted = transfer.response.status == 200 || transfer.response.status == 206;
    if (wanted && *transfer.sink) (*transfer.sink)(transfer.response, {data, size});
    return size;
  } catch (...) {
    transfer.failure = std::current_exception();
    return 0;
  }
}

bool is_lasting(CURLcode code) {
  constexpr std::array lasting = {CURLE_UNSUPPORTED_PROTOCOL,
                                  CURLE_URL_MALFORMAT,
                                  CURLE_COULDNT_RESOLVE_HOST,
                                  CURLE_COULDNT_RESOLVE_PROXY,
                                  CURLE_PEER_FAILED_VERIFICATION,
                                  CURLE_SSL_CACERT_BADFILE,
                                  CURLE_WRITE_ERROR};
  return std::find(lasting.begin(), lasting.end(), code) != lasting.end();
}

void initialize_once() {
  static const CURLcode status = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (status != CURLE_OK) throw TransferError(curl_easy_strerror(status), true);
}

}  // namespace

struct Http::Handle {
  Handle() : curl(curl_easy_init()) {
    if (curl == nullptr) throw std::bad_alloc();
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { curl_easy_cleanup(curl); }

  CURL* curl;
};

Http::Http(const HubOptions& options)
    : token_(options.token),
      answer_timeout_(options.answer_timeout),
      silence_timeout_(options.silence_timeout) {
  initialize_once();
  origin_ = Url(options.endpoint).origin();
  handle_ = std::make_unique<Handle>();
}

Http::~Http() = default;

HttpResponse Http::head(const std::string& url) { return follow(url, true, 0, {}); }

HttpResponse Http::get(const std::string& url, std::uint64_t from, const Sink& sink) {
  return follow(url, false, from, sink);
}

HttpResponse Http::follow(std::string url, bool is_head, std::uint64_t from, const Sink& sink) {
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    HttpResponse response = request(url, is_head, from, sink);
    if (!is_redirect(response.status)) return response;
    const std::string location = response.header("location");
    if (location.empty()) throw TransferError("a redirect without a Location", false);
    Url next(url);
    const std::string scheme = next.scheme();
    next.follow(location);
    if (scheme == "https" && next.scheme() != "https") {
      throw TransferError(fmt::format("is redirected from HTTPS to '{}'", location), true);
    }
    const bool described = !response.header("x-repo-commit").empty() &&
                           !response.header("x-linked-etag").empty() &&
                           !response.header("x-linked-size").empty();
    if (is_head && described) return response;
    url = next.text();
  }
  throw TransferError(fmt::format("more than {} redirects", kMostRedirects), true);
}

HttpResponse Http::request(const std::string& url, bool is_head, std::uint64_t from,
                           const Sink& sink) {
  CURL* const curl = handle_->curl;
  Transfer transfer;
  transfer.response.url = url;
  transfer.sink = &sink;
  transfer.curl = curl;
  curl_easy_reset(curl);
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(nullptr, &curl_slist_free_all);
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(headers.release());
    headers.reset(longer);
  };
  // Sizes and ranges are those of the file itself.
  add("Accept-Encoding: identity");
  if (!token_.empty() && Url(url).origin() == origin_) add("Authorization: Bearer " + token_);
  std::array<char, CURL_ERROR_SIZE> reason{};
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, fmt::format("normscope/{}", version()).c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason.data());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(answer_timeout_));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(silence_timeout_));
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  const std::string range = fmt::format("{}-", from);
  if (is_head) {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(answer_timeout_));
  } else if (from > 0) {
    curl_easy_setopt(curl, CURLOPT_RANGE, range.c_str());
  }
  const CURLcode code = curl_easy_perform(curl);
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  if (code != CURLE_OK) {
    throw TransferError(reason[0] != '\0' ? reason.data() : curl_easy_strerror(code),
                        is_lasting(code));
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &transfer.response.status);
  curl_off_t wait = 0;
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
  transfer.response.retry_after = wait;
  return std::move(transfer.response);
}

}  // namespace normscope

#include "hub/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <new>

#include "hub/transfer_error.h"

namespace normscope {
namespace {

CURLU* curl_handle(void* handle) { return static_cast<CURLU*>(handle); }

std::string part_of(void* handle, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(curl_handle(handle), part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

void set(void* handle, const std::string& text) {
  // A zero byte would end the text for libcurl, but not for us. A percent sign that libcurl leaves
  // in a host reads differently when the URL is parsed again, and no host has one.
  if (text.find('\0') != std::string::npos ||
      curl_url_set(curl_handle(handle), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK ||
      part_of(handle, CURLUPART_HOST).find('%') != std::string::npos) {
    throw TransferError(fmt::format("'{}' is no URL", text), true);
  }
}

}  // namespace

Url::Url(const std::string& text) : handle_(curl_url()) {
  if (handle_ == nullptr) throw std::bad_alloc();
  try {
    set(handle_, text);
  } catch (...) {
    curl_url_cleanup(curl_handle(handle_));
    throw;
  }
}

Url::~Url() { curl_url_cleanup(curl_handle(handle_)); }

void Url::follow(const std::string& location) { set(handle_, location); }

std::string Url::text() const { return part_of(handle_, CURLUPART_URL); }
std::string Url::scheme() const { return part_of(handle_, CURLUPART_SCHEME); }
std::string Url::origin() const {
  return fmt::format("{}://{}:{}", scheme(), part_of(handle_, CURLUPART_HOST),
                     part_of(handle_, CURLUPART_PORT));
}

}  // namespace normscope

#include "hub/hub_client.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "hub/bad_answer.h"
#include "hub/content_hash.h"
#include "hub/decimal.h"
#include "hub/names.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;
using Kind = HubError::Kind;

constexpr std::int64_t kLongestWait = 300;  // seconds
constexpr std::size_t kMostDescriptionBytes = std::size_t{64} << 20;

bool is_temporary(long status) {
  constexpr std::array<long, 6> temporary = {408, 429, 500, 502, 503, 504};
  return std::find(temporary.begin(), temporary.end(), status) != temporary.end();
}

// What the hub says in an answer that is an error.
std::string hub_words(const HttpResponse& response) {
  std::string words = fmt::format("status {}", response.status);
  for (const char* const name : {"x-error-code", "x-error-message"}) {
    if (const std::string text = response.header(name); !text.empty()) words += ", " + text;
  }
  return words;
}

class OutputFile {
 public:
  explicit OutputFile(const fs::path& path)
      : path_(path), descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail();
    const off_t end = ::lseek(descriptor_, 0, SEEK_END);
    if (end < 0) fail();
    size_ = static_cast<std::uint64_t>(end);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() { ::close(descriptor_); }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      size_ += static_cast<std::uint64_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void clear() {
    if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0) fail();
    size_ = 0;
  }

  void sync() {
    if (::fsync(descriptor_) != 0 && errno != EINVAL) fail();
  }

 private:
  [[noreturn]] void fail() const { throw Error(path_, std::strerror(errno)); }

  fs::path path_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

void check_space(const fs::path& path, std::uint64_t needed) {
  std::error_code unknown;
  const fs::space_info space = fs::space(path.parent_path(), unknown);
  if (!unknown && space.available < needed) {
    throw Error(path, fmt::format("needs {} more bytes on a disk that has {} left", needed,
                                  space.available));
  }
}

}  // namespace

// Counts the failures in a row, and waits after each.
class HubClient::Attempts {
 public:
  Attempts(int most, const HubListener& listener) : most_(most), listener_(listener) {}

  // Throws `error` if it was one too many. `retry_after`: the seconds that the hub asks for.
  void failed(const HubError& error, std::int64_t retry_after = 0) {
    if (++failures_ >= most_ || retry_after > kLongestWait) throw HubError(error);
    using Milliseconds = std::chrono::milliseconds;
    const Milliseconds backoff(500 << (failures_ - 1));
    const Milliseconds wait = std::max(backoff, Milliseconds(1000 * retry_after));
    if (listener_.notice) {
      listener_.notice(fmt::format("{}; trying again in {:.1f} s", error.what(),
                                   std::chrono::duration<double>(wait).count()));
    }
    std::this_thread::sleep_for(wait);
  }
  void made_progress() { failures_ = 0; }

 private:
  int most_;
  int failures_ = 0;
  const HubListener& listener_;
};

HubClient::HubClient(RepositoryKind kind, std::string repository, const HubOptions& options,
                     HubListener listener)
    : kind_(kind),
      repository_(std::move(repository)),
      options_(options),
      listener_(std::move(listener)),
      http_(options) {}

HubError HubClient::error(Kind kind, const std::string& place, const std::string& reason) const {
  return {kind, repository_, place, fmt::format("{} ({})", reason, options_.endpoint)};
}

HubError HubClient::not_the_hub(const std::string& place, const std::string& reason) const {
  return error(Kind::unreachable, place,
               "what answers is not the hub, but perhaps a proxy or a mirror: " + reason);
}

std::string HubClient::resolve_url(const std::string& path, const std::string& revision) const {
  return fmt::format("{}/{}{}/resolve/{}/{}", options_.endpoint,
                     kind_ == RepositoryKind::dataset ? "datasets/" : "", repository_,
                     url_encoded(revision), url_encoded(path, "/"));
}

void HubClient::check(const HttpResponse& response, const std::string& place) const {
  if (response.status == 200 || response.status == 206) return;
  const bool described_redirect = response.status >= 300 && response.status < 400;
  if (described_redirect) return;
  const std::string code = response.header("x-error-code");
  const std::string words = hub_words(response);
  if (is_temporary(response.status)) {
    throw error(Kind::unreachable, place, "the hub cannot answer now: " + words);
  }
  if (code == "RepoNotFound" || (response.status == 401 && code != "GatedRepo")) {
    throw error(response.status == 401 ? Kind::refused : Kind::missing, place,
                "the hub has no such repository, or none that is open to " +
                    std::string(options_.token.empty() ? "those without a token (HF_TOKEN)"
                                                       : "this token") +
                    ": " + words);
  }
  if (code == "RevisionNotFound") {
    throw error(Kind::missing, place, "the hub has no such revision: " + words);
  }
  if (response.status == 404) {
    throw error(Kind::missing_entry, place, "the hub has no such file: " + words);
  }
  if (response.status == 401 || response.status == 403) {
    throw error(Kind::refused, place,
                std::string("the hub refuses access; ") +
                    (options_.token.empty() ? "ask for it on the hub and set HF_TOKEN: "
                                            : "this token does not give it: ") +
                    words);
  }
  throw error(Kind::unreachable, place, "the hub answers with " + words);
}

HttpResponse HubClient::persistently(int attempts, const std::string& place,
                                     const std::function<HttpResponse()>& request) {
  for (Attempts tries(attempts, listener_);;) {
    try {
      HttpResponse response = request();
      if (!is_temporary(response.status)) {
        check(response, place);
        return response;
      }
      tries.failed(
          error(Kind::unreachable, place, "the hub cannot answer now: " + hub_words(response)),
          response.retry_after);
    } catch (const TransferError& failure) {
      const HubError reason = error(Kind::unreachable, place, failure.what());
      if (failure.lasting()) throw HubError(reason);
      tries.failed(reason);
    }
  }
}

RemoteFile HubClient::locate(const std::string& path, const std::string& revision, int attempts) {
  const std::string url = resolve_url(path, revision);
  const HttpResponse response = persistently(attempts, path, [&] { return http_.head(url); });
  try {
    return read_remote_file(response, path, revision);
  } catch (const BadAnswer& reason) {
    throw not_the_hub(path, reason.what());
  }
}

Listing HubClient::list(const std::string& revision, int attempts) {
  const std::string url = fmt::format("{}/api/{}/{}/revision/{}?blobs=true", options_.endpoint,
                                      kind_ == RepositoryKind::dataset ? "datasets" : "models",
                                      repository_, url_encoded(revision));
  const std::string place = "revision " + revision;
  std::string body;
  persistently(attempts, place, [&] {
    body.clear();
    return http_.get(url, 0, [&](const HttpResponse&, std::string_view bytes) {
      body += bytes;
      if (body.size() > kMostDescriptionBytes) {
        throw error(
            Kind::unreachable, place,
            fmt::format("its description is larger than {} MiB", kMostDescriptionBytes >> 20));
      }
    });
  });
  try {
    return read_listing(body);
  } catch (const BadAnswer& reason) {
    throw not_the_hub(place, reason.what());
  }
}

// Ends when as many bytes have arrived as the hub has announced.
void HubClient::receive(const RemoteFile& file, const fs::path& path) {
  const std::string url = resolve_url(file.path, file.commit);
  OutputFile out(path);
  if (out.size() > file.size) out.clear();
  check_space(path, file.size - out.size());
  const auto tell = [&] {
    if (listener_.progress) listener_.progress(file.path, out.size(), file.size);
  };
  tell();
  std::uint64_t furthest = out.size();
  for (Attempts tries(kMostAttempts, listener_); out.size() < file.size;) {
    const std::uint64_t from = out.size();
    bool begun = false;
    const auto begin = [&](const HttpResponse& response) {
      begun = true;
      const auto length = decimal(response.header("content-length"));
      if (response.status == 200) {
        if (length && *length != file.size) {
          throw error(Kind::unreachable, file.path,
                      fmt::format("{} bytes came where the hub announces {}: perhaps from a proxy",
                                  *length, file.size));
        }
        if (from > 0) out.clear();
      } else if (!response.header("content-range").starts_with(fmt::format("bytes {}-", from))) {
        throw error(Kind::unreachable, file.path, "another range came than was asked for");
      }
    };
    const auto sink = [&](const HttpResponse& response, std::string_view bytes) {
      if (!begun) begin(response);
      if (bytes.size() > file.size - out.size()) {
        throw error(Kind::unreachable, file.path,
                    fmt::format("more bytes come than the {} that the hub announces", file.size));
      }
      out.append(bytes);
      tell();
    };
    try {
      const HttpResponse response = http_.get(url, from, sink);
      if (response.status == 416) out.clear();
      if (response.status != 416 && !is_temporary(response.status)) check(response, file.path);
      if (out.size() == file.size) break;
      const bool answered = response.status == 200 || response.status == 206;
      if (out.size() > furthest) tries.made_progress();
      tries.failed(error(Kind::unreachable, file.path,
                         answered ? fmt::format("the transfer ended after {} of {} bytes",
                                                out.size(), file.size)
                                  : "the hub cannot answer now: " + hub_words(response)),
                   response.retry_after);
    } catch (const TransferError& failure) {
      if (out.size() > furthest) tries.made_progress();
      const HubError reason = error(Kind::unreachable, file.path, failure.what());
      if (failure.lasting()) throw HubError(reason);
      tries.failed(reason);
    }
    furthest = std::max(furthest, out.size());
  }
  out.sync();
}

void HubClient::download(const RemoteFile& file, const fs::path& path) {
  std::error_code none;
  const bool resumes = fs::file_size(path, none) > 0 && !none;
  receive(file, path);
  if (content_hash(path, file.etag) == file.etag) return;
  // The part from an earlier download may have been of another file.
  if (resumes) {
    fs::remove(path);
    receive(file, path);
    if (content_hash(path, file.etag) == file.etag) return;
  }
  fs::remove(path, none);
  throw error(Kind::unreachable, file.path,
              fmt::format("what came does not have the hash {} that the hub announces", file.etag));
}

}  // namespace normscope

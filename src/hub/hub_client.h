#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "hub/http.h"
#include "hub/listing.h"
#include "hub/remote_file.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {

/// The kinds of the hub's refusals that callers distinguish.
class HubError : public Error {
 public:
  enum class Kind {
    unreachable,    // no answer, a broken one, or one that says "later"
    refused,        // private or gated, and the token does not open it
    missing_entry,  // the repository has no such file at this revision
    missing,        // no such repository or revision
  };
  HubError(Kind kind, const std::string& file, const std::string& place, const std::string& reason)
      : Error(file, place, reason), kind_(kind) {}
  [[nodiscard]] Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// How often a request is tried if it fails for a reason that may pass.
constexpr int kMostAttempts = 5;

/// One repository on the hub.
class HubClient {
 public:
  HubClient(RepositoryKind kind, std::string repository, const HubOptions& options,
            HubListener listener);

  /// The file's commit, hash and size. `attempts` bounds how often it is asked for. Throws
  /// HubError.
  RemoteFile locate(const std::string& path, const std::string& revision, int attempts);

  /// The repository's files at a revision. Throws HubError.
  Listing list(const std::string& revision, int attempts);

  /// Downloads the file to `path`, resuming a download that broke off earlier, and checks its size
  /// and its hash. Throws HubError for the hub's faults, Error for the disk's.
  void download(const RemoteFile& file, const std::filesystem::path& path);

 private:
  class Attempts;
  [[nodiscard]] std::string resolve_url(const std::string& path, const std::string& revision) const;
  [[nodiscard]] HubError error(HubError::Kind kind, const std::string& place,
                               const std::string& reason) const;
  [[nodiscard]] HubError not_the_hub(const std::string& place, const std::string& reason) const;
  void check(const HttpResponse& response, const std::string& place) const;
  HttpResponse persistently(int attempts, const std::string& place,
                            const std::function<HttpResponse()>& request);
  void receive(const RemoteFile& file, const std::filesystem::path& path);

  RepositoryKind kind_;
  std::string repository_;
  HubOptions options_;
  HubListener listener_;
  Http http_;
};

}  // namespace normscope

#pragma once

#include <cstdint>
#include <string>

#include "hub/http_response.h"

namespace normscope {

/// What the hub says about one file at one commit.
struct RemoteFile {
  std::string path;
  std::string commit;
  /// A content hash (content_hash.h); the name of its blob in the cache.
  std::string etag;
  std::uint64_t size = 0;
};

/// Reads the hub's answer to HEAD for the file at a revision. Throws BadAnswer if the commit, the
/// hash or the size is missing or invalid, or if the answer is for another commit than was asked
/// for.
RemoteFile read_remote_file(const HttpResponse& response, const std::string& path,
                            const std::string& revision);

}  // namespace normscope

#include "hub/remote_file.h"

#include <fmt/format.h>

#include <string_view>

#include "hub/bad_answer.h"
#include "hub/content_hash.h"
#include "hub/decimal.h"
#include "hub/names.h"

namespace normscope {
namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 40;

std::string without_quotes(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  while (etag.starts_with('"')) etag.remove_prefix(1);
  while (etag.ends_with('"')) etag.remove_suffix(1);
  return std::string(etag);
}

}  // namespace

RemoteFile read_remote_file(const HttpResponse& response, const std::string& path,
                            const std::string& revision) {
  const auto linked = [&](const char* name, const char* plain) {
    const std::string value = response.header(name);
    return value.empty() && response.status == 200 ? response.header(plain) : value;
  };
  RemoteFile file{.path = path,
                  .commit = response.header("x-repo-commit"),
                  .etag = without_quotes(linked("x-linked-etag", "etag"))};
  if (!is_commit(file.commit)) throw BadAnswer("its answer has no commit (X-Repo-Commit)");
  if (is_commit(revision) && file.commit != revision) {
    throw BadAnswer(fmt::format("asked for the commit {} it gives {}", revision, file.commit));
  }
  if (!is_content_hash(file.etag)) {
    throw BadAnswer("its answer has no SHA-256 or git SHA-1 to check the file by (ETag)");
  }
  const auto size = decimal(linked("x-linked-size", "content-length"));
  if (!size) throw BadAnswer("its answer has no size");
  if (*size > kLargestFile) throw BadAnswer(fmt::format("a size of {} bytes", *size));
  file.size = *size;
  return file;
}

}  // namespace normscope

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace normscope {

/// Whether an ETag of the hub is a hash that a file can be checked against: 64 hexadecimal digits,
/// the SHA-256 of a large file (git LFS), or 40, the git blob SHA-1 of a small one.
bool is_content_hash(std::string_view etag);

/// Computes the kind of hash that `etag` is from a file's bytes: SHA-256 of the bytes, or SHA-1 of
/// "blob <size>\0" and the bytes, in lower-case hexadecimal. Throws Error.
std::string content_hash(const std::filesystem::path& path, std::string_view etag);

}  // namespace normscope

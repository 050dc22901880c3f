#pragma once

#include <string>
#include <string_view>

namespace normscope {

/// Whether it is `name` or `organisation/name` as huggingface_hub's validate_repo_id accepts it.
bool is_repository_name(std::string_view name);

/// Whether it is a branch, tag or commit as git accepts it (git-check-ref-format), which makes it a
/// safe path too.
bool is_revision(std::string_view revision);

/// Whether it is 40 lower-case hexadecimal digits.
bool is_commit(std::string_view text);

/// Whether it is a path in a repository that stays inside the folder that it is joined to, and is
/// valid, printable UTF-8.
bool is_safe_path(std::string_view path);

/// Percent-encodes everything that RFC 3986 does not call unreserved, except the characters in
/// `kept`.
std::string url_encoded(std::string_view text, std::string_view kept = {});

}  // namespace normscope

#pragma once

#include <cstddef>
#include <string_view>

namespace normscope::unicode {

/// Where the extended grapheme cluster (Unicode Standard Annex #29) ends that begins at `begin` of
/// valid UTF-8, by the reference's tables. Flags of two letters are not joined: a cluster with one
/// has more bytes than any that its callers consider.
std::size_t grapheme_end(std::string_view utf8, std::size_t begin);

}  // namespace normscope::unicode

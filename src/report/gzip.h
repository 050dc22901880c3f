#pragma once

#include <string>
#include <string_view>

namespace normscope {

/// A gzip member (RFC 1952), made with Arrow's codec. Throws std::runtime_error if Arrow has none.
std::string gzip(std::string_view bytes);

}  // namespace normscope

#pragma once

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

namespace normscope {

/// The words of `text`, which is UTF-8: its longest runs without Unicode's White_Space. Stops
/// counting at `enough`.
std::size_t count_words(std::string_view text,
                        std::size_t enough = std::numeric_limits<std::size_t>::max());

/// The same words.
std::vector<std::string_view> words_of(std::string_view text);

}  // namespace normscope

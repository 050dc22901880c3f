#pragma once

#include <span>
#include <string>
#include <string_view>

namespace normscope {

enum class Characters { ascii, unicode };

/// What the terminal can show, according to LC_ALL, LC_CTYPE or LANG (the first that is set).
Characters terminal_characters();

/// The funnel for a terminal: a line for each of at most 8 bins of the length, with the mean and
/// one standard deviation of the numbers, whose name is `what` ("L1 norm"). At most 76 columns
/// wide; empty if there are too few sentences. The numbers must be finite.
std::string funnel_chart(std::string_view what, std::span<const double> lengths,
                         std::span<const double> numbers, Characters characters);

}  // namespace normscope

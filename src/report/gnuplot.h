#pragma once

#include <string>
#include <string_view>

namespace normscope {

/// Runs gnuplot, found on PATH, without a shell and without the user's start-up files, on `script`
/// (binary data may follow a plot command), and returns what it writes to its standard output.
/// Throws Error with gnuplot's own message where it is missing or fails.
std::string run_gnuplot(std::string_view script);

/// `text` as a gnuplot string constant. In it nothing but letters and spaces stands for
/// itself, so that no quote, backquote, macro or line end of hostile text reaches the parser. What
/// draws it must still be told `noenhanced`.
std::string gnuplot_string(std::string_view text);

}  // namespace normscope

#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

namespace normscope {

inline constexpr std::chrono::seconds kGnuplotLimit{60};

/// Runs gnuplot, found on PATH, without a shell and without the user's start-up files, on `script`
/// (binary data may follow a plot command), and returns what it writes to its standard output.
/// Throws Error with gnuplot's own message if it is missing or fails, and Interrupted when `stop`
/// is requested. gnuplot and whatever it has started are killed then, or if it takes longer than
/// `limit`.
std::string run_gnuplot(std::string_view script, const std::stop_token& stop = {},
                        std::chrono::seconds limit = kGnuplotLimit);

/// `text` as a gnuplot string constant. Only letters and spaces stand for themselves in it, so that
/// no quote, backquote, macro or line end of hostile text reaches the parser. The command that
/// draws it must still say `noenhanced`.
std::string gnuplot_string(std::string_view text);

}  // namespace normscope

#pragma once

#include <string_view>

namespace normscope::cli {

/// Opens those of the descriptors 0, 1 and 2 that the program was started without, so that no file
/// opened later gets their numbers: standard input and output so that using them fails, standard
/// error so that nothing is seen. From then on a reader that went away costs no more than what it
/// would have read.
void prepare_standard_streams();

/// Writes to standard error, in the place of a line that draw() has left open. What cannot be
/// written is lost: no message is worth the run.
void say(std::string_view text);
/// The same for what must not wait for a stream that nobody reads, or for another thread's text.
void say_unless_blocked(std::string_view text);

/// Shows a line on standard error, which must be a terminal, in the place of the one drawn before.
void draw(std::string_view line);
/// Leaves the drawn line as it is and goes on below it.
void end_drawn_line();

/// What an Error about standard output names.
inline constexpr const char* kStandardOutput = "standard output";

/// Writes to standard output, and at once. Throws Error; where the reader went away, ends the
/// program as SIGPIPE does.
void print(std::string_view text);
/// The same, later: what is still to be written is written by flush_output(), or by and by.
void print_buffered(std::string_view text);
void flush_output();

}  // namespace normscope::cli

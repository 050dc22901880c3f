#pragma once

#include <string_view>

namespace normscope::cli {

/// Opens those of the descriptors 0, 1 and 2 that the program was started without, so that no file
/// opened later gets their numbers: standard input and output so that using them fails, standard
/// error so that its text is discarded. From then on, if a reader goes away, only the text meant
/// for it is lost.
void prepare_standard_streams();

/// Writes to standard error, in place of a line that draw() has left open. Text that cannot be
/// written is lost: no message is worth the run.
void say(std::string_view text);
/// The same for a message that must not wait for a stream that nobody reads, or for another
/// thread's text.
void say_unless_blocked(std::string_view text);

/// Shows a line on standard error, which must be a terminal, in place of the one drawn before.
void draw(std::string_view line);
/// Leaves the drawn line as it is and continues below it.
void end_drawn_line();

/// What an Error about standard output names.
inline constexpr const char* kStandardOutput = "standard output";

/// Writes to standard output at once. Throws Error; if the reader has gone away, ends the program
/// as SIGPIPE does.
void print(std::string_view text);
/// The same, but buffered: the rest is written by flush_output() at the latest.
void print_buffered(std::string_view text);
void flush_output();

}  // namespace normscope::cli

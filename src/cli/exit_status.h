#pragma once

namespace normscope::cli {

/// What the program returns, except for 0, and 128 plus the number of the signal that stopped it.
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;
/// Finished, but some figures are missing.
inline constexpr int kFiguresMissing = 3;

/// Thrown by a command that has already printed its message.
struct Exit {
  int status = kFailed;
};

}  // namespace normscope::cli

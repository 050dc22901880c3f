#pragma once

namespace normscope::cli {

/// What the program returns where it does not return 0, or 128 and the number of the signal that
/// stopped it.
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;
/// Finished, but some figures are missing.
inline constexpr int kFiguresMissing = 3;

/// Thrown by a command that has said all there is to say.
struct Exit {
  int status = kFailed;
};

}  // namespace normscope::cli

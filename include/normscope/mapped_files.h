// An explanation instead of a bare SIGBUS if a weight file is cut short while it is in use: weights
// are read from mapped files.
//
//     int main() { normscope::explain_truncated_files(); … }
#pragma once

#include "normscope/export.h"

namespace normscope {

/// From now on, if one of the library's mapped files is cut short while it is being read, the
/// program ends with status 1 and a line on standard error that names the file. For programs, not
/// libraries: it takes over the process's handler of SIGBUS.
NORMSCOPE_EXPORT void explain_truncated_files();

}  // namespace normscope

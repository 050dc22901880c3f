#pragma once

/// Weights are read out of mapped files, which others can cut short while they are in use.
///
///     int main() { normscope::explain_truncated_files(); … }
namespace normscope {

/// From now on a mapped file of the library's that is cut short while it is being read ends the
/// program with a line on standard error that names it and status 1, instead of a bare SIGBUS. For
/// programs: it takes the process's handler of SIGBUS.
void explain_truncated_files();

}  // namespace normscope

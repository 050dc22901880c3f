#pragma once

/// Weights are read out of mapped files, which others can cut short: what a handler of SIGBUS can
/// say.
namespace normscope {

/// The path of the file whose mapping holds the address, its end cut off where it is very long;
/// null where there is none, or more than 64 files are mapped. For signal handlers: a read beyond
/// the end of a file that has been cut short since it was mapped raises SIGBUS.
const char* mapped_file_at(const void* address) noexcept;

}  // namespace normscope

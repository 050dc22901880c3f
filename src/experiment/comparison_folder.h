#pragma once

#include <filesystem>

namespace normscope {

/// Makes ready the folder that a comparison is written into. A comparison that is there already is
/// removed where `overwrite` is set, and refused otherwise. Throws Error, having changed nothing,
/// where it is refused or the folder holds a file of somebody else's under a name that a comparison
/// has. Returns whether it made the folder.
bool claim_comparison_folder(const std::filesystem::path& folder, bool overwrite);

}  // namespace normscope

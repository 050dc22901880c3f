#pragma once

#include <filesystem>

namespace normscope {

/// Where downloaded models and corpora live: $NORMSCOPE_CACHE, else $XDG_CACHE_HOME/normscope, else
/// ~/.cache/normscope. The folder need not exist. Throws Error if a home folder is needed and there
/// is none.
std::filesystem::path cache_folder();

}  // namespace normscope

#pragma once

#include <string>

namespace normscope {

/// A name as a part of a folder's name: at most 60 characters, and only harmless ones, because
/// names come from the user's paths.
std::string folder_name_part(const std::string& name);

}  // namespace normscope

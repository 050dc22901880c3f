#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace normscope {

/// The user's home folder: $HOME, else what the password database says (as in Python's
/// os.path.expanduser); absent if neither says.
std::optional<std::filesystem::path> find_home_folder();

/// The same if there must be one. Throws Error, which names HOME and `instead`, the variable that
/// can be set in its place.
std::filesystem::path home_folder(std::string_view instead);

}  // namespace normscope

#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace normscope {

/// The user's home folder: $HOME, else, as Python's os.path.expanduser takes it, what the password
/// database says; none where neither knows.
std::optional<std::filesystem::path> find_home_folder();

/// The same where there must be one. Throws Error, which names HOME and `instead`, the variable
/// that can be set in its place.
std::filesystem::path home_folder(std::string_view instead);

}  // namespace normscope

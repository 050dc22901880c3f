#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace normscope {

/// Parses a JSON file whose root is an object: at most `most_bytes`, at most 64 levels deep. If a
/// key is repeated, the last value counts, as in Python's json. Throws Error that names the line
/// and column.
nlohmann::json read_json_object(const std::filesystem::path& path,
                                std::size_t most_bytes = std::size_t{16} << 20);

/// The same for text that is the content of the file `path`.
nlohmann::json parse_json_object(const std::filesystem::path& path, std::string_view text);

/// The same for a file whose root is a list.
nlohmann::json read_json_list(const std::filesystem::path& path,
                              std::size_t most_bytes = std::size_t{16} << 20);

}  // namespace normscope

#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace normscope::tokenizer {

/// Parses tokenizer.json, up to 256 MiB, as the reference's parser does (serde_json without
/// `float_roundtrip`): it rounds a number with a fraction or an exponent once more than necessary,
/// which decides between segmentations of equal score. Throws Error.
nlohmann::json read_reference_json(const std::filesystem::path& file);

/// The value that the reference gives a JSON number; infinite if it is out of range.
double reference_number(std::string_view digits);

}  // namespace normscope::tokenizer

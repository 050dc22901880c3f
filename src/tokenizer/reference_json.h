#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace normscope::tokenizer {

/// Who reads tokenizer.json in the reference: `tokenizers` itself (serde_json without
/// `float_roundtrip`), which rounds a number with a fraction or an exponent once more than
/// necessary, or a class of transformers (Python's json), which rounds it once. That decides
/// between segmentations of equal score.
enum class ReferenceParser { tokenizers, transformers };

/// Parses tokenizer.json, up to 256 MiB, as `parser` does. Throws Error.
nlohmann::json read_reference_json(const std::filesystem::path& file,
                                   ReferenceParser parser = ReferenceParser::tokenizers);

/// The value that the reference gives a JSON number; infinite if it is out of range.
double reference_number(std::string_view digits);

}  // namespace normscope::tokenizer

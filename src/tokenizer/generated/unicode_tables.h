#pragma once

#include <cstddef>
#include <cstdint>

/// Data of src/tokenizer/generated/unicode_tables.cc, which scripts/generate_unicode_tables.py
/// writes. What they mean stands in unicode.h.
namespace normscope::unicode {

inline constexpr std::size_t kBlock = 64;
extern const std::uint16_t kBlockIndex[17408];
extern const std::uint16_t kProperties[];

extern const char32_t kDecompositionKeys[];
extern const std::uint16_t kDecompositionStarts[];
extern const char32_t kDecompositionValues[];
extern const std::size_t kDecompositionCount;

extern const char32_t kLowerKeys[];
extern const std::uint16_t kLowerStarts[];
extern const char32_t kLowerValues[];
extern const std::size_t kLowerCount;

}  // namespace normscope::unicode

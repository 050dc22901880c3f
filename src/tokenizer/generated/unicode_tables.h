#pragma once

#include <cstddef>
#include <cstdint>

/// Data of src/tokenizer/generated/unicode_tables.cc, which scripts/generate_unicode_tables.py
/// writes. What they mean stands in unicode.h.
namespace normscope::unicode {

inline constexpr std::size_t kBlock = 64;
extern const std::uint16_t kBlockIndex[17408];
extern const std::uint32_t kProperties[];

extern const char32_t kDecompositionKeys[];
extern const std::uint16_t kDecompositionStarts[];
extern const char32_t kDecompositionValues[];
extern const std::size_t kDecompositionCount;

extern const char32_t kCompatibilityKeys[];
extern const std::uint16_t kCompatibilityStarts[];
extern const char32_t kCompatibilityValues[];
extern const std::size_t kCompatibilityCount;

extern const char32_t kLowerKeys[];
extern const std::uint16_t kLowerStarts[];
extern const char32_t kLowerValues[];
extern const std::size_t kLowerCount;

// A key is the first character shifted by 32 bits, and the second.
extern const std::uint64_t kCompositionKeys[];
extern const char32_t kCompositionValues[];
extern const std::size_t kCompositionCount;

}  // namespace normscope::unicode

#pragma once

#include <string>

/// The steps of Unicode's normalization forms (Unicode Standard Annex 15), with the reference's
/// tables.
namespace normscope::unicode {

/// Appends the full canonical decomposition of a character.
void append_decomposed(char32_t c, std::u32string& text);
/// Appends the full compatibility decomposition.
void append_compatibility_decomposed(char32_t c, std::u32string& text);

/// The canonical order of decomposed text: runs of combining characters, each sorted by class,
/// stably.
void order_marks(std::u32string& text);

/// Composes decomposed and ordered text.
void compose(std::u32string& text);

}  // namespace normscope::unicode

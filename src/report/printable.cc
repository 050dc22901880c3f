#include "report/printable.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <cstdint>

namespace normscope {
namespace {

constexpr UChar32 kReplacement = 0xFFFD;
constexpr UChar32 kEllipsis = 0x2026;

bool is_visible(UChar32 character) {
  constexpr std::uint32_t kInvisible = U_GC_C_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  return (U_GET_GC_MASK(character) & kInvisible) == 0;
}

bool is_in_any_font(UChar32 character) {
  return (character >= 0x20 && character <= 0x7E) || (character >= 0xA1 && character <= 0x17F) ||
         (character >= 0x391 && character <= 0x3C9) || (character >= 0x401 && character <= 0x451) ||
         character == 0x2013 || character == 0x2014 ||
         (character >= 0x2018 && character <= 0x201E) || character == kEllipsis;
}

UChar32 shown(UChar32 character, Medium medium) {
  const bool visible = is_visible(character);
  if (medium == Medium::terminal) return visible ? character : kReplacement;
  return visible && is_in_any_font(character) && character != '>' ? character : '?';
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest, Medium medium) {
  // Far more than is shown, and within the reach of ICU's 32-bit indices.
  constexpr std::size_t kMostBytes = std::size_t{1} << 20;
  text = text.substr(0, kMostBytes);
  const auto characters =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  const auto count = static_cast<std::size_t>(characters.countChar32());
  icu::UnicodeString line;
  std::size_t at = 0;
  for (std::int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1), ++at) {
    const bool cut = count > longest && at >= longest / 2 && at <= longest / 2 + count - longest;
    const UChar32 character = characters.char32At(i);
    if (!cut) line.append(shown(character, medium));
    if (cut && at == longest / 2) line.append(kEllipsis);
  }
  std::string bytes;
  return line.toUTF8String(bytes);
}

}  // namespace normscope

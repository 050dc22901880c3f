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

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  // Far more than is shown, and within what ICU's 32-bit indices reach.
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
    if (!cut) line.append(is_visible(character) ? character : kReplacement);
    if (cut && at == longest / 2) line.append(kEllipsis);
  }
  std::string shown;
  return line.toUTF8String(shown);
}

}  // namespace normscope

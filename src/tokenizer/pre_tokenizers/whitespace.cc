#include "tokenizer/pre_tokenizers/whitespace.h"

#include <cstddef>
#include <cstdint>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

void Whitespace::split(std::string_view text, Pieces& pieces) const {
  constexpr std::uint32_t kWordOrSpace = unicode::kWord | unicode::kSpace;
  std::size_t begin = 0;
  std::uint32_t kind = unicode::kSpace;
  const auto end_piece = [&](std::size_t end) {
    if (kind != unicode::kSpace) pieces.add(text.substr(begin, end - begin));
    begin = end;
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const std::uint32_t next = unicode::properties(unicode::next(text, i)) & kWordOrSpace;
    if (next != kind) end_piece(start);
    kind = next;
  }
  end_piece(text.size());
}

}  // namespace normscope::tokenizer

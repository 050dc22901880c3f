#include "normscope/tokenizer.h"
#include "scratch_folder.h"
#include "text/utf8.h"

namespace {

normscope::Tokenizer small_tokenizer(const normscope::ScratchFolder& folder) {
  folder.write("vocab.txt",
               "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##a\n##b\nab\nthe\n##ing\n!\n,\n.\n"
               "\u4e2d\n##\u0301\ne\n");
  return normscope::Tokenizer::from_folder(folder.path());
}

}  // namespace

// Any text, cut off or not: never more ids than asked for, and cutting off keeps what comes before.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  static const normscope::Tokenizer tokenizer = small_tokenizer(folder);
  const std::string_view text = normscope::text_of(data, size);
  if (!normscope::is_utf8(text)) return 0;
  const auto whole = tokenizer.encode(text, size + 2);
  normscope::require(whole.ids.size() <= size + 2 && !whole.truncated);
  const auto cut = tokenizer.encode(text, 6);
  normscope::require(cut.ids.size() <= 6 && cut.truncated == (whole.ids.size() > 6));
  for (std::size_t i = 0; i + 1 < cut.ids.size(); ++i) {
    normscope::require(cut.ids[i] == whole.ids[i]);
  }
  return 0;
}

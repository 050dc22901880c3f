#include "normscope/error.h"
#include "normscope/tokenizer.h"
#include "scratch_folder.h"

// What a tokenizer is made of can be anything; what it then gives is in its vocabulary.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  try {
    folder.write("tokenizer.json", normscope::text_of(data, size));
    const auto tokenizer = normscope::Tokenizer::from_folder(folder.path());
    const std::size_t most = tokenizer.special_tokens() + 5;
    for (const char* text : {"", "Hello, world!", "caf\u00e9 \u4e2d\u6587 [MASK] ##ing", "aaaaaa",
                             "e\u0301 \ufb01\u0301  I'll\r\n"}) {
      const auto encoding = tokenizer.encode(text, most);
      normscope::require(encoding.ids.size() <= most);
      for (const auto id : encoding.ids) {
        normscope::require(id >= 0 && static_cast<std::size_t>(id) < tokenizer.vocabulary_size());
      }
    }
  } catch (const normscope::Error&) {
  }
  return 0;
}

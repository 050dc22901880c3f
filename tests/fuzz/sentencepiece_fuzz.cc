#include "normscope/error.h"
#include "normscope/tokenizer.h"
#include "scratch_folder.h"

// Whatever spm.model holds, ids are in the vocabulary.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  try {
    folder.write("spm.model", normscope::text_of(data, size));
    const auto tokenizer = normscope::Tokenizer::from_folder(folder.path());
    for (const char* text : {"", "Hello, world!", "caf\u00e9 \u4e2d\u6587 [MASK]", "aaaaaa"}) {
      for (const auto id : tokenizer.encode(text, 100).ids) {
        normscope::require(id >= 0 && static_cast<std::size_t>(id) < tokenizer.vocabulary_size());
      }
    }
  } catch (const normscope::Error&) {
  }
  return 0;
}

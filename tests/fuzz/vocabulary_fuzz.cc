#include "normscope/error.h"
#include "normscope/tokenizer.h"
#include "scratch_folder.h"

// vocab.txt up to a zero byte, tokenizer_config.json after it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  const std::string_view input = normscope::text_of(data, size);
  const std::size_t end = input.find('\0');
  folder.write("vocab.txt", input.substr(0, end));
  std::filesystem::remove(folder.path() / "tokenizer_config.json");
  if (end != std::string_view::npos) {
    folder.write("tokenizer_config.json", input.substr(end + 1));
  }
  try {
    const auto tokenizer = normscope::Tokenizer::from_folder(folder.path());
    const auto encoding = tokenizer.encode("Hello, caf\u00e9!", 100);
    for (const auto id : encoding.ids) {
      normscope::require(id >= 0 && static_cast<std::size_t>(id) < tokenizer.vocabulary_size());
    }
  } catch (const normscope::Error&) {
  }
  return 0;
}

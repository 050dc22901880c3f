#include "normscope/corpus.h"
#include "normscope/error.h"
#include "scratch_folder.h"
#include "text/utf8.h"

// The first byte says how to read the rest. Nothing is lost without being counted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  if (size == 0) return 0;
  const auto file = folder.write("corpus", normscope::text_of(data + 1, size - 1));
  try {
    normscope::SentenceReader reader(file, {.prose = data[0] % 2 == 1});
    std::uint64_t given = 0;
    std::uint64_t next = 0;
    for (normscope::Sentence sentence; reader.next(sentence); ++given) {
      normscope::require(sentence.index >= next && normscope::is_utf8(sentence.text) &&
                         !sentence.text.empty());
      next = sentence.index + 1;
    }
    const auto& counts = reader.counts();
    normscope::require(counts.read == counts.empty + counts.invalid + given);
    normscope::require(reader.sha256().size() == 64);
  } catch (const normscope::Error&) {
  }
  return 0;
}

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "normscope/corpus.h"
#include "normscope/error.h"
#include "scratch_folder.h"
#include "text/utf8.h"

// The first byte says what the rest is, and whether columns are asked for. Nothing is lost without
// being counted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using normscope::CorpusFormat;
  constexpr std::array formats{CorpusFormat::jsonl,   CorpusFormat::csv,   CorpusFormat::tsv,
                               CorpusFormat::parquet, CorpusFormat::arrow, CorpusFormat::automatic};
  static const normscope::ScratchFolder folder;
  if (size == 0) return 0;
  const auto file = folder.write("table", normscope::text_of(data + 1, size - 1));
  normscope::CorpusOptions options{.format = formats[data[0] % formats.size()]};
  if (data[0] >= 128) options.column = "a.b";
  if (data[0] % 128 >= 64) options.number_columns = {"n", "a.n"};
  try {
    normscope::SentenceReader reader(file, options);
    std::uint64_t given = 0;
    for (normscope::Sentence sentence; reader.next(sentence); ++given) {
      normscope::require(normscope::is_utf8(sentence.text) && !sentence.text.empty());
      normscope::require(sentence.numbers.size() == options.number_columns.size());
    }
    normscope::require(reader.counts().given() == given);
    normscope::require(reader.sha256().size() == 64);
  } catch (const normscope::Error&) {
  }
  return 0;
}

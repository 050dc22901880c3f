#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "corpus/bounded_draw.h"
#include "corpus/byte_source.h"
#include "corpus/corpus_files.h"
#include "corpus/format.h"
#include "corpus/parquet_file.h"
#include "corpus/text_reader.h"
#include "corpus/uniform_draw.h"
#include "corpus/unit_filter.h"
#include "normscope/corpus.h"
#include "normscope/error.h"

namespace normscope {
namespace {

struct Block {
  std::size_t file = 0;
  int row_group = 0;
  /// Rows of the corpus before it.
  std::uint64_t first_row = 0;
};

struct Contents {
  std::vector<std::string> files;
  std::vector<Block> blocks;
  std::string sha256;
};

void check_parquet(ByteSource& source) {
  if (format_of(source) != CorpusFormat::parquet) {
    throw Error(source.name(), "is not a Parquet file, which a sample of blocks needs");
  }
}

Contents contents_of(const std::string& corpus, const CorpusOptions& options,
                     const std::stop_token& stop) {
  Contents contents;
  Sha256 listing;
  CorpusFiles files(corpus, options.files);
  std::uint64_t rows = 0;
  while (auto file = files.next()) {
    if (stop.stop_requested()) throw Interrupted();
    ByteSource source(file->path, stop);
    check_parquet(source);
    const ParquetContents found = parquet_contents(source);
    listing.update(fmt::format("{}  {}\n", found.sha256, file->name));
    for (std::size_t group = 0; group < found.row_groups.size(); ++group) {
      contents.blocks.push_back(
          {.file = contents.files.size(), .row_group = static_cast<int>(group), .first_row = rows});
      rows += found.row_groups[group];
    }
    contents.files.push_back(std::move(file->path));
  }
  contents.sha256 = listing.finish();
  return contents;
}

// Fisher and Yates.
void shuffle(std::vector<Block>& blocks, std::mt19937_64& generator) {
  for (std::size_t left = blocks.size(); left > 1; --left) {
    std::swap(blocks[left - 1], blocks[bounded_draw(generator, left)]);
  }
}

}  // namespace

Sample draw_blocks(const std::string& corpus, const CorpusOptions& options, std::uint64_t size,
                   std::uint64_t seed, const std::stop_token& stop) {
  if (options.prose) {
    throw Error(corpus,
                "prose is numbered by reading all of it, so blocks cannot be drawn from it");
  }
  Contents contents = contents_of(corpus, options, stop);
  std::mt19937_64 generator(seed);
  shuffle(contents.blocks, generator);

  Sample sample;
  sample.blocks = Sample::Blocks{.read = 0, .all = contents.blocks.size()};
  sample.corpus_sha256 = std::move(contents.sha256);
  UniformDraw draw(size, generator());
  UnitFilter filter(options);
  for (const Block& block : contents.blocks) {
    if (filter.counts().given() >= size) break;
    ByteSource source(contents.files[block.file], stop);
    check_parquet(source);
    const auto texts = read_parquet(
        source, {.text = options.column, .numbers = options.number_columns}, block.row_group);
    Sentence sentence{.index = block.first_row, .text = {}};
    for (std::string_view text; texts->next(text); ++sentence.index) {
      if (stop.stop_requested()) throw Interrupted();
      if (!filter.passes(text)) continue;
      sentence.text.assign(text);
      sentence.numbers.assign(texts->numbers().begin(), texts->numbers().end());
      draw.offer(sentence);
    }
    if (auto column = texts->column();
        column && std::ranges::find(sample.columns, *column) == sample.columns.end()) {
      sample.columns.push_back(*std::move(column));
    }
    ++sample.blocks->read;
  }
  sample.counts = filter.counts();
  sample.sentences = draw.take();
  std::ranges::sort(sample.sentences, {}, &Sentence::index);
  return sample;
}

}  // namespace normscope

#include <algorithm>
#include <random>
#include <utility>

#include "corpus/bounded_draw.h"
#include "normscope/corpus.h"
#include "normscope/error.h"

namespace normscope {

// Algorithm R: J. S. Vitter, "Random sampling with a reservoir", ACM TOMS 11(1), 1985. Its faster
// successors take logarithms, whose last bit differs between machines.
Sample draw_sample(SentenceReader& reader, std::optional<std::uint64_t> size, std::uint64_t seed,
                   const std::stop_token& stop) {
  Sample sample;
  std::mt19937_64 generator(seed);
  std::uint64_t seen = 0;
  for (Sentence sentence; reader.next(sentence);) {
    if (stop.stop_requested()) throw Interrupted();
    ++seen;
    if (!size || sample.sentences.size() < *size) {
      sample.sentences.push_back(std::move(sentence));
    } else if (const std::uint64_t place = bounded_draw(generator, seen); place < *size) {
      std::swap(sample.sentences[place], sentence);
    }
  }
  std::ranges::sort(sample.sentences, {}, &Sentence::index);
  sample.counts = reader.counts();
  sample.corpus_sha256 = reader.sha256();
  return sample;
}

void shuffle(std::vector<Sentence>& sentences, std::uint64_t seed) {
  // Another stream of numbers than the one that drew the sample.
  std::mt19937_64 generator(~seed);
  for (std::size_t left = sentences.size(); left > 1; --left) {
    std::swap(sentences[left - 1], sentences[bounded_draw(generator, left)]);
  }
}

}  // namespace normscope

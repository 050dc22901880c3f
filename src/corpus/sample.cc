#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>

#include "corpus/bounded_draw.h"
#include "corpus/memory_reader.h"
#include "corpus/uniform_draw.h"
#include "normscope/corpus.h"
#include "normscope/error.h"
#include "text/words.h"

namespace normscope {
namespace {

class HeadDraw {
 public:
  explicit HeadDraw(std::uint64_t size) : size_(size) {}

  void offer(const Sentence& sentence) {
    if (sentences_.size() < size_) sentences_.push_back(sentence);
  }

  std::vector<Sentence> take() { return std::move(sentences_); }

 private:
  std::uint64_t size_;
  std::vector<Sentence> sentences_;
};

// Each sentence gets a random ticket, and a stratum keeps its lowest ones. If there is one too
// many, the largest stratum loses one, so that in the end each has all its sentences or a common
// number. A stratum keeps its lowest tickets, so it keeps a uniform sample.
class StratifiedDraw {
 public:
  StratifiedDraw(std::uint64_t size, std::uint64_t seed) : size_(size), generator_(seed) {}

  void offer(const Sentence& sentence) {
    const std::uint64_t ticket = generator_();
    Stratum& stratum = strata_[count_words(sentence.text, kStrata) - 1];
    if (stratum.full && ticket >= stratum.limit) return;
    stratum.kept.push_back({.ticket = ticket, .sentence = Sentence(sentence)});
    std::ranges::push_heap(stratum.kept, {}, &Kept::ticket);
    if (++kept_ > size_) drop_one();
  }

  std::vector<Sentence> take() {
    std::vector<Sentence> sentences;
    sentences.reserve(kept_);
    for (Stratum& stratum : strata_) {
      for (Kept& kept : stratum.kept) sentences.push_back(std::move(kept.sentence));
    }
    return sentences;
  }

 private:
  static constexpr std::size_t kStrata = 100;

  struct Kept {
    std::uint64_t ticket = 0;
    Sentence sentence;
  };
  struct Stratum {
    /// A heap, the highest ticket first.
    std::vector<Kept> kept;
    /// The lowest ticket that was dropped, if any was.
    bool full = false;
    std::uint64_t limit = 0;
  };

  void drop_one() {
    Stratum& largest =
        *std::ranges::max_element(strata_, {}, [](const Stratum& s) { return s.kept.size(); });
    std::ranges::pop_heap(largest.kept, {}, &Kept::ticket);
    largest.full = true;
    largest.limit = largest.kept.back().ticket;
    largest.kept.pop_back();
    --kept_;
  }

  std::uint64_t size_;
  std::uint64_t kept_ = 0;
  std::mt19937_64 generator_;
  std::array<Stratum, kStrata> strata_;
};

template <typename Draw>
Sample draw(SentenceReader& reader, Draw draw, const std::stop_token& stop) {
  for (Sentence sentence; reader.next(sentence);) {
    if (stop.stop_requested()) throw Interrupted();
    draw.offer(sentence);
  }
  Sample sample{.sentences = draw.take(),
                .counts = reader.counts(),
                .columns = reader.columns(),
                .corpus_sha256 = reader.sha256(),
                .blocks = {}};
  std::ranges::sort(sample.sentences, {}, &Sentence::index);
  return sample;
}

}  // namespace

std::string_view name(SampleMethod method) {
  switch (method) {
    case SampleMethod::uniform:
      return "uniform";
    case SampleMethod::head:
      return "head";
    case SampleMethod::stratified:
      return "stratified";
    case SampleMethod::blocks:
      break;
  }
  return "blocks";
}

Sample draw_sample(SentenceReader& reader, std::optional<std::uint64_t> size, std::uint64_t seed,
                   SampleMethod method, const std::stop_token& stop) {
  if (!size) return draw(reader, HeadDraw(std::numeric_limits<std::uint64_t>::max()), stop);
  switch (method) {
    case SampleMethod::head:
      return draw(reader, HeadDraw(*size), stop);
    case SampleMethod::stratified:
      return draw(reader, StratifiedDraw(*size, seed), stop);
    case SampleMethod::blocks:
      throw std::invalid_argument("blocks are not drawn from what is read in one pass");
    case SampleMethod::uniform:
      break;
  }
  return draw(reader, UniformDraw(*size, seed), stop);
}

Sample draw_sample(const CorpusInput& corpus, const CorpusOptions& options,
                   std::optional<std::uint64_t> size, std::uint64_t seed, SampleMethod method,
                   const std::stop_token& stop) {
  if (method == SampleMethod::blocks) {
    const auto* const path = std::get_if<std::string>(&corpus);
    if (path == nullptr) throw Error(kTextsInMemory, "have no row groups to draw blocks from");
    return draw_blocks(*path, options, size.value(), seed, stop);
  }
  SentenceReader reader(corpus, options, stop);
  return draw_sample(reader, size, seed, method, stop);
}

void shuffle(std::vector<Sentence>& sentences, std::uint64_t seed) {
  // A different stream of random numbers from the one that drew the sample.
  std::mt19937_64 generator(~seed);
  for (std::size_t left = sentences.size(); left > 1; --left) {
    std::swap(sentences[left - 1], sentences[bounded_draw(generator, left)]);
  }
}

}  // namespace normscope

#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "corpus/bounded_draw.h"
#include "normscope/corpus.h"

namespace normscope {

/// Algorithm R: J. S. Vitter, "Random sampling with a reservoir", ACM TOMS 11(1), 1985. Its faster
/// successors take logarithms, whose last bit differs between machines.
class UniformDraw {
 public:
  UniformDraw(std::uint64_t size, std::uint64_t seed) : size_(size), generator_(seed) {}

  void offer(const Sentence& sentence) {
    ++seen_;
    if (sentences_.size() < size_) {
      sentences_.push_back(sentence);
    } else if (const std::uint64_t place = bounded_draw(generator_, seen_); place < size_) {
      // A copy, so that no string keeps the capacity of a longer one that was read before it.
      sentences_[place] = Sentence(sentence);
    }
  }

  std::vector<Sentence> take() { return std::move(sentences_); }

 private:
  std::uint64_t size_;
  std::uint64_t seen_ = 0;
  std::mt19937_64 generator_;
  std::vector<Sentence> sentences_;
};

}  // namespace normscope

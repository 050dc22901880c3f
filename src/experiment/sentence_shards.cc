#include "experiment/sentence_shards.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>
#include <variant>

#include "normscope/analysis.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// Enough batches for many threads, and some seconds of work for a few.
constexpr std::uint64_t kShardSentences = 4096;
constexpr std::uint64_t kFirstLook = 500;

bool can_be_read_twice(const CorpusInput& corpus) {
  const auto* const path = std::get_if<std::string>(&corpus);
  if (path == nullptr) return true;
  std::error_code ignored;
  // A pattern's files are assumed to be regular ones.
  return *path != "-" && (!std::filesystem::exists(*path, ignored) ||
                          std::filesystem::is_regular_file(*path, ignored) ||
                          std::filesystem::is_directory(*path, ignored));
}

}  // namespace

SentenceShards::SentenceShards(const ShardPlan& plan, const std::stop_token& stop)
    : name_(plan.name), stop_(stop) {
  if (plan.sentences || plan.looks) {
    Sample sample =
        draw_sample(plan.corpus, plan.corpus_options, plan.sentences, plan.seed, plan.sample, stop);
    counts_ = sample.counts;
    blocks_ = sample.blocks;
    columns_ = std::move(sample.columns);
    sha256_ = std::move(sample.corpus_sha256);
    sample_ = std::move(sample.sentences);
    sentences_ = sample_.size();
    const std::uint64_t wanted = std::min<std::uint64_t>(plan.calibration, sample_.size());
    for (std::uint64_t i = 0; i < wanted; ++i) {
      calibration_.push_back(sample_[i * sample_.size() / wanted]);
    }
    if (plan.looks) {
      shuffle(sample_, plan.seed);
      looks_ = look_sizes(kFirstLook, sample_.size());
    }
    return;
  }
  if (can_be_read_twice(plan.corpus)) {
    SentenceReader counter(plan.corpus, plan.corpus_options, stop);
    Sample drawn = draw_sample(counter, plan.calibration, plan.seed, SampleMethod::uniform, stop);
    calibration_ = std::move(drawn.sentences);
    counts_ = drawn.counts;
    sentences_ = counts_.given();
    columns_ = std::move(drawn.columns);
    sha256_ = std::move(drawn.corpus_sha256);
  }
  reader_.emplace(plan.corpus, plan.corpus_options, stop);
}

std::vector<Sentence> SentenceShards::next() {
  return reader_ ? next_of_corpus() : next_of_sample();
}

std::vector<Sentence> SentenceShards::next_of_sample() {
  const std::uint64_t end = looks_.empty()           ? given_ + kShardSentences
                            : shard_ < looks_.size() ? looks_[shard_]
                                                     : sample_.size();
  const auto first = sample_.begin() + static_cast<std::ptrdiff_t>(given_);
  const auto last =
      sample_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(end, sample_.size()));
  given_ += static_cast<std::uint64_t>(last - first);
  ++shard_;
  return {std::make_move_iterator(first), std::make_move_iterator(last)};
}

std::vector<Sentence> SentenceShards::next_of_corpus() {
  std::vector<Sentence> shard;
  while (shard.size() < kShardSentences) {
    if (stop_.stop_requested()) throw Interrupted();
    Sentence sentence;
    if (!reader_->next(sentence)) {
      if (sentences_ && reader_->sha256() != sha256_) {
        throw Error(name_, "has changed while it was read");
      }
      counts_ = reader_->counts();
      columns_ = reader_->columns();
      sha256_ = reader_->sha256();
      break;
    }
    shard.push_back(std::move(sentence));
  }
  return shard;
}

}  // namespace normscope

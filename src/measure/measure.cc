#include "normscope/measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "measure/parallel.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// Sentences that are tokenized, made distinct and encoded together: the unit of memory.
constexpr std::size_t kShardSentences = 8192;
// Tokens of a batch. From some 500 on the matrix kernel runs at full speed, and beyond 1000 the
// activations leave the cache.
constexpr std::size_t kBatchTokens = 768;
// Tokenizing one sentence takes microseconds; a thread takes this many at a time.
constexpr std::size_t kTokenizeChunk = 64;

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

double l2_norm(std::span<const float> vector) {
  double sum = 0;
  for (const float x : vector) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

// For each sentence the first one that has the same ids.
std::vector<std::size_t> first_with_same_ids(std::span<const Encoding> encodings) {
  std::unordered_map<std::string_view, std::size_t> seen;
  seen.reserve(encodings.size());
  std::vector<std::size_t> first(encodings.size());
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    const auto bytes = std::as_bytes(std::span(encodings[i].ids));
    const std::string_view key(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    first[i] = seen.try_emplace(key, i).first->second;
  }
  return first;
}

struct Batch {
  std::vector<TokenId> ids;
  std::vector<std::size_t> offsets{0};
  std::vector<std::size_t> sentences;  // positions in the shard
};

// Fills batches in order. Few tokens are cut into as many batches as there are threads, or a
// multiple, so that no thread waits for the others.
std::vector<Batch> pack(std::span<const Encoding> encodings, std::span<const std::size_t> first,
                        unsigned threads) {
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] == i) tokens += encodings[i].ids.size();
  }
  const std::size_t rounds = (tokens + threads * kBatchTokens - 1) / (threads * kBatchTokens);
  const std::size_t budget =
      (tokens + rounds * threads - 1) / std::max<std::size_t>(1, rounds * threads);
  std::vector<Batch> batches;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] != i) continue;
    const auto& ids = encodings[i].ids;
    // A sentence goes where more than half of it fits, so that the batches come out even.
    if (batches.empty() || batches.back().ids.size() + ids.size() / 2 >= budget) {
      batches.emplace_back();
    }
    Batch& batch = batches.back();
    batch.ids.insert(batch.ids.end(), ids.begin(), ids.end());
    batch.offsets.push_back(batch.ids.size());
    batch.sentences.push_back(i);
  }
  return batches;
}

class ShardRunner {
 public:
  ShardRunner(const Tokenizer& tokenizer, const Encoder& encoder, const MeasureOptions& options,
              std::stop_token stop)
      : tokenizer_(tokenizer),
        encoder_(encoder),
        options_(options),
        stop_(std::move(stop)),
        workspaces_(options.threads),
        vectors_(options.threads) {}

  // Appends the shard's rows to `result`; tells `batch_done` the number of sentences after a batch.
  void run(std::span<Sentence> shard, Measurements& result,
           const std::function<void(std::size_t)>& batch_done) {
    const Stopwatch tokenizing;
    std::vector<Encoding> encodings(shard.size());
    const std::size_t chunks = (shard.size() + kTokenizeChunk - 1) / kTokenizeChunk;
    parallel_for(options_.threads, chunks, stop_, [&](unsigned, std::size_t chunk) {
      const std::size_t end = std::min(shard.size(), (chunk + 1) * kTokenizeChunk);
      for (std::size_t i = chunk * kTokenizeChunk; i < end; ++i) {
        encodings[i] = tokenizer_.encode(shard[i].text, options_.max_length);
      }
    });
    const std::vector<std::size_t> first = first_with_same_ids(encodings);
    result.tokenize_s += tokenizing.seconds();

    const Stopwatch encoding;
    const std::vector<Batch> batches = pack(encodings, first, options_.threads);
    std::vector<double> norms(shard.size());
    if (batches.size() == 1 && options_.threads > 1) {
      if (stop_.stop_requested()) throw Interrupted();
      Encoder::Workspace together(options_.threads);
      encode(batches[0], together, vectors_[0], norms);
      batch_done(batches[0].sentences.size());
    } else {
      parallel_for(options_.threads, batches.size(), stop_, [&](unsigned thread, std::size_t b) {
        encode(batches[b], workspaces_[thread], vectors_[thread], norms);
        batch_done(batches[b].sentences.size());
      });
    }
    result.encode_s += encoding.seconds();

    for (std::size_t i = 0; i < shard.size(); ++i) {
      if (first[i] == i) ++result.encoded;
      result.rows.push_back({.index = shard[i].index,
                             .text = std::move(shard[i].text),
                             .tokens = static_cast<std::uint32_t>(encodings[i].ids.size() -
                                                                  tokenizer_.special_tokens()),
                             .truncated = encodings[i].truncated,
                             .norm = norms[first[i]]});
    }
  }

 private:
  void encode(const Batch& batch, Encoder::Workspace& workspace, std::vector<float>& vectors,
              std::span<double> norms) const {
    const std::size_t hidden = encoder_.config().hidden_size;
    const PackedBatch packed{.ids = batch.ids, .offsets = batch.offsets};
    vectors.resize(encoder_.output_size(packed));
    encoder_.encode(packed, vectors, workspace);
    for (std::size_t s = 0; s < batch.sentences.size(); ++s) {
      norms[batch.sentences[s]] = l2_norm(std::span(vectors).subspan(s * hidden, hidden));
    }
  }

  const Tokenizer& tokenizer_;
  const Encoder& encoder_;
  MeasureOptions options_;
  std::stop_token stop_;
  std::vector<Encoder::Workspace> workspaces_;
  std::vector<std::vector<float>> vectors_;
};

}  // namespace

Measurements measure(std::vector<Sentence> sentences, const Tokenizer& tokenizer,
                     const Encoder& encoder, const MeasureOptions& options,
                     const MeasureProgress& progress, const std::stop_token& stop) {
  if (options.threads == 0) throw std::invalid_argument("no threads to measure with");
  if (options.max_length < std::max<std::size_t>(1, tokenizer.special_tokens()) ||
      options.max_length > encoder.config().max_positions) {
    throw std::invalid_argument("a length that the tokenizer or the encoder cannot have");
  }
  Measurements result;
  result.rows.reserve(sentences.size());
  ShardRunner runner(tokenizer, encoder, options, stop);
  std::mutex progress_mutex;
  std::uint64_t done = 0;
  for (std::size_t start = 0; start < sentences.size(); start += kShardSentences) {
    const std::size_t size = std::min(kShardSentences, sentences.size() - start);
    runner.run(std::span(sentences).subspan(start, size), result, [&](std::size_t encoded) {
      const std::scoped_lock lock(progress_mutex);
      done += encoded;
      if (progress) progress(done, sentences.size());
    });
    done = start + size;
    if (progress) progress(done, sentences.size());
  }
  return result;
}

}  // namespace normscope

#include "normscope/measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/parallel.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// Sentences that are tokenized, made distinct and encoded together: the unit of memory.
constexpr std::size_t kShardSentences = 8192;
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

double take(Statistic statistic, std::span<const float> vector, std::span<const float> centre) {
  double result = 0;
  switch (statistic) {
    case Statistic::l2:
      for (const float x : vector) result += static_cast<double>(x) * x;
      return std::sqrt(result);
    case Statistic::l1:
      for (const float x : vector) result += std::abs(static_cast<double>(x));
      return result;
    case Statistic::linf:
      for (const float x : vector) result = std::max(result, std::abs(static_cast<double>(x)));
      return result;
    case Statistic::centered_l2:
      for (std::size_t i = 0; i < vector.size(); ++i) {
        const double x = static_cast<double>(vector[i]) - centre[i];
        result += x * x;
      }
      return std::sqrt(result);
  }
  return result;
}

// A column with its point's place among the encoder's.
struct Place {
  std::size_t point;
  Statistic statistic;
};

std::size_t place_of(const ReadoutPoint& point, const Encoder& encoder) {
  const auto points = encoder.points();
  const auto found = std::ranges::find(points, point);
  if (found == points.end()) {
    throw std::invalid_argument("the encoder does not give " + name(point));
  }
  return static_cast<std::size_t>(found - points.begin());
}

std::vector<Place> places_of(const MeasureOptions& options, const Encoder& encoder) {
  const auto points = encoder.points();
  if (points.empty()) throw std::invalid_argument("an encoder without a point");
  for (const ReadoutPoint& point : points) {
    if (point.readout == Readout::tokens) {
      throw std::invalid_argument("a point that gives no vector a sentence");
    }
  }
  if (options.columns.empty()) return {{.point = 0, .statistic = Statistic::l2}};
  std::vector<Place> places;
  for (const StatisticColumn& column : options.columns) {
    const std::size_t at = place_of(column.point, encoder);
    if (column.statistic == Statistic::centered_l2 &&
        (options.centres.size() != points.size() ||
         options.centres[at].size() != encoder.width(column.point.readout))) {
      throw std::invalid_argument("no centre for " + name(column));
    }
    places.push_back({.point = at, .statistic = column.statistic});
  }
  return places;
}

// How long a prompt is.
struct PromptLength {
  // Without the special ones.
  std::size_t tokens = 0;
  // The ids that it has by itself, without the special one at the end: they come before the
  // sentence's own.
  std::size_t leading_ids = 0;
};

PromptLength length_of_prompt(const std::string& prompt, const Tokenizer& tokenizer) {
  if (prompt.empty()) return {};
  constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();
  const Encoding alone = tokenizer.encode(prompt, kWhole);
  const std::vector<TokenId> nothing = tokenizer.encode("", kWhole).ids;
  const bool ends_special = !nothing.empty() && nothing.back() == alone.ids.back();
  return {.tokens = alone.tokens, .leading_ids = alone.ids.size() - (ends_special ? 1 : 0)};
}

// For each sentence, the first one that has the same ids.
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

// Fills batches of about `batch_tokens` in order. If there are few tokens, the number of batches is
// that of the threads or a multiple of it, so that no thread waits for the others.
std::vector<Batch> pack(std::span<const Encoding> encodings, std::span<const std::size_t> first,
                        unsigned threads, std::size_t batch_tokens) {
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] == i) tokens += encodings[i].ids.size();
  }
  const std::size_t rounds = (tokens + threads * batch_tokens - 1) / (threads * batch_tokens);
  const std::size_t budget =
      (tokens + rounds * threads - 1) / std::max<std::size_t>(1, rounds * threads);
  std::vector<Batch> batches;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] != i) continue;
    const auto& ids = encodings[i].ids;
    // A sentence goes into the batch in which more than half of it fits, so that batches are of
    // even size.
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

// Keeps the vectors that a request wants.
class VectorKeeper {
 public:
  VectorKeeper(const VectorRequest& request, const Encoder& encoder) : wants_(request.wants) {
    for (const ReadoutPoint& point : request.points) {
      places_.push_back(place_of(point, encoder));
      widths_.push_back(encoder.width(point.readout));
    }
  }

  // `first[i]` is the sentence that is encoded for the shard's i-th.
  void start(std::span<const Sentence> shard, std::span<const std::size_t> first) {
    wanted_.assign(shard.size(), 0);
    vectors_.assign(shard.size(), {});
    if (places_.empty()) return;
    for (std::size_t i = 0; i < shard.size(); ++i) {
      if (wants(shard[i].index)) wanted_[first[i]] = 1;
    }
  }

  // `vector(place)` is the encoded sentence's vector at the encoder's point of that place.
  template <typename VectorAt>
  void take(std::size_t sentence, const VectorAt& vector) {
    if (wanted_[sentence] == 0) return;
    for (const std::size_t place : places_) {
      const std::span<const float> values = vector(place);
      vectors_[sentence].insert(vectors_[sentence].end(), values.begin(), values.end());
    }
  }

  // Appends the sentence's vectors, encoded as those of `first`, where they are wanted.
  void give(std::uint64_t index, std::size_t first, KeptVectors& kept) const {
    kept.points.resize(places_.size());
    if (wanted_[first] == 0 || !wants(index)) return;
    kept.indices.push_back(index);
    std::span<const float> left = vectors_[first];
    for (std::size_t point = 0; point < places_.size(); ++point) {
      const auto values = left.first(widths_[point]);
      left = left.subspan(widths_[point]);
      kept.points[point].insert(kept.points[point].end(), values.begin(), values.end());
    }
  }

 private:
  [[nodiscard]] bool wants(std::uint64_t index) const { return !wants_ || wants_(index); }

  std::function<bool(std::uint64_t)> wants_;
  std::vector<std::size_t> places_;
  // At these places among the encoder's points.
  std::vector<std::size_t> widths_;
  // For each of the shard's sentences: whether its vectors are wanted, and its vectors at all
  // places.
  std::vector<char> wanted_;
  std::vector<std::vector<float>> vectors_;
};

class ShardRunner {
 public:
  ShardRunner(const Tokenizer& tokenizer, const Encoder& encoder, const MeasureOptions& options,
              std::stop_token stop)
      : tokenizer_(tokenizer),
        encoder_(encoder),
        options_(options),
        places_(places_of(options, encoder)),
        prompt_(length_of_prompt(options.prompt, tokenizer)),
        stop_(std::move(stop)),
        vectors_(options.threads) {
    workspaces_.reserve(options.threads);
    for (unsigned i = 0; i < options.threads; ++i) workspaces_.emplace_back(encoder);
    for (const VectorRequest& request : options.vectors) keepers_.emplace_back(request, encoder);
  }

  // Appends the shard's rows to `result`; tells `batch_done` the number of sentences after a batch.
  void run(std::span<Sentence> shard, Measurements& result,
           const std::function<void(std::size_t)>& batch_done) {
    const Stopwatch tokenizing;
    std::vector<Encoding> encodings(shard.size());
    const std::size_t chunks = (shard.size() + kTokenizeChunk - 1) / kTokenizeChunk;
    parallel_for(options_.threads, chunks, stop_, [&](unsigned, std::size_t chunk) {
      const std::size_t end = std::min(shard.size(), (chunk + 1) * kTokenizeChunk);
      for (std::size_t i = chunk * kTokenizeChunk; i < end; ++i) {
        encodings[i] = tokenized(shard[i].text);
      }
    });
    const std::vector<std::size_t> first = first_with_same_ids(encodings);
    result.tokenize_s += tokenizing.seconds();

    const Stopwatch encoding;
    const std::vector<Batch> batches =
        pack(encodings, first, options_.threads, encoder_.batch_tokens());
    numbers_.assign(shard.size() * places_.size(), 0);
    for (VectorKeeper& keeper : keepers_) keeper.start(shard, first);
    if (batches.size() == 1 && options_.threads > 1) {
      if (stop_.stop_requested()) throw Interrupted();
      Encoder::Workspace together(encoder_, options_.threads);
      encode(batches[0], together, vectors_[0]);
      batch_done(batches[0].sentences.size());
    } else {
      parallel_for(options_.threads, batches.size(), stop_, [&](unsigned thread, std::size_t b) {
        encode(batches[b], workspaces_[thread], vectors_[thread]);
        batch_done(batches[b].sentences.size());
      });
    }
    result.encode_s += encoding.seconds();

    result.vectors.resize(keepers_.size());
    for (std::size_t i = 0; i < shard.size(); ++i) {
      if (first[i] == i) ++result.encoded;
      for (std::size_t k = 0; k < keepers_.size(); ++k) {
        keepers_[k].give(shard[i].index, first[i], result.vectors[k]);
      }
      const auto numbers =
          numbers_.begin() + static_cast<std::ptrdiff_t>(first[i] * places_.size());
      result.rows.push_back(
          {.index = shard[i].index,
           .text = std::move(shard[i].text),
           .tokens = static_cast<std::uint32_t>(std::min<std::size_t>(
               encodings[i].tokens, std::numeric_limits<std::uint32_t>::max())),
           .tokens_read = static_cast<std::uint32_t>(tokens_read(encodings[i])),
           .truncated = encodings[i].truncated,
           .statistics = {numbers, numbers + static_cast<std::ptrdiff_t>(places_.size())},
           .properties = {},
           .numbers = std::move(shard[i].numbers)});
    }
  }

 private:
  // A sentence's length is its own; its ids are those of the prompt and the sentence.
  [[nodiscard]] Encoding tokenized(const std::string& text) const {
    Encoding sentence = tokenizer_.encode(text, options_.max_length);
    if (options_.prompt.empty()) return sentence;
    Encoding both = tokenizer_.encode(options_.prompt + text, options_.max_length);
    both.tokens = sentence.tokens;
    return both;
  }

  [[nodiscard]] std::size_t tokens_read(const Encoding& encoding) const {
    if (!encoding.truncated) return encoding.tokens;
    const std::size_t others = tokenizer_.special_tokens() + prompt_.tokens;
    return encoding.ids.size() - std::min(others, encoding.ids.size());
  }

  // Different batches write to different sentences' numbers.
  void encode(const Batch& batch, Encoder::Workspace& workspace, std::vector<float>& vectors) {
    const PackedBatch packed{
        .ids = batch.ids, .offsets = batch.offsets, .prompt_ids = prompt_.leading_ids};
    vectors.resize(encoder_.output_size(packed));
    encoder_.encode(packed, vectors, workspace);
    const std::size_t count = batch.sentences.size();
    // Where each point's block begins.
    std::vector<std::size_t> blocks{0};
    for (const ReadoutPoint& point : encoder_.points()) {
      blocks.push_back(blocks.back() + count * encoder_.width(point.readout));
    }
    const auto vector = [&](std::size_t point, std::size_t s) {
      const std::size_t width = encoder_.width(encoder_.points()[point].readout);
      return std::span<const float>(vectors).subspan(blocks[point] + s * width, width);
    };
    for (std::size_t s = 0; s < count; ++s) {
      const std::size_t sentence = batch.sentences[s];
      double* number = numbers_.data() + sentence * places_.size();
      for (const Place& place : places_) {
        const std::span<const float> centre = place.statistic == Statistic::centered_l2
                                                  ? options_.centres[place.point]
                                                  : std::span<const float>();
        *number++ = take(place.statistic, vector(place.point, s), centre);
      }
      for (VectorKeeper& keeper : keepers_) {
        keeper.take(sentence, [&](std::size_t point) { return vector(point, s); });
      }
    }
  }

  const Tokenizer& tokenizer_;
  const Encoder& encoder_;
  MeasureOptions options_;
  std::vector<Place> places_;
  PromptLength prompt_;
  // The numbers of the shard's sentences; those of one sentence are side by side.
  std::vector<double> numbers_;
  std::vector<VectorKeeper> keepers_;
  std::stop_token stop_;
  std::vector<Encoder::Workspace> workspaces_;
  std::vector<std::vector<float>> vectors_;
};

}  // namespace

void KeptVectors::append(const KeptVectors& more) {
  indices.insert(indices.end(), more.indices.begin(), more.indices.end());
  points.resize(std::max(points.size(), more.points.size()));
  for (std::size_t point = 0; point < more.points.size(); ++point) {
    points[point].insert(points[point].end(), more.points[point].begin(), more.points[point].end());
  }
}

Measurements measure(std::vector<Sentence> sentences, const Tokenizer& tokenizer,
                     const Encoder& encoder, const MeasureOptions& options,
                     const MeasureProgress& progress, const std::stop_token& stop) {
  if (options.threads == 0) throw std::invalid_argument("no threads to measure with");
  if (options.max_length < std::max<std::size_t>(1, tokenizer.special_tokens()) ||
      options.max_length > encoder.spec().max_positions) {
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

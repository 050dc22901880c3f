#include "cli/measuring.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "cli/progress_bar.h"
#include "normscope/analysis.h"

namespace normscope::cli {
namespace {

constexpr std::uint64_t kFirstLook = 500;
constexpr std::size_t kPrecisionSample = 256;

bool narrow_enough(const Kept& kept, const EarlyStop& stop) {
  if (kept.norms.empty()) return false;
  const std::optional<Regression> line =
      analyse(kept.lengths, kept.norms, {.r_squared_confidence = stop.confidence}).regression;
  if (!line || !line->r_squared.interval) return false;
  return line->r_squared.interval->high - line->r_squared.interval->low < stop.width;
}

void append(Measurements& to, Measurements&& part) {
  to.rows.insert(to.rows.end(), std::make_move_iterator(part.rows.begin()),
                 std::make_move_iterator(part.rows.end()));
  to.encoded += part.encoded;
  to.tokenize_s += part.tokenize_s;
  to.encode_s += part.encode_s;
}

}  // namespace

Kept keep(const std::vector<Measurement>& rows, std::uint64_t length_below) {
  Kept kept;
  for (const Measurement& row : rows) {
    if (row.tokens >= length_below) continue;
    kept.lengths.push_back(row.tokens);
    kept.norms.push_back(row.norm);
  }
  return kept;
}

Measurements measure_all(const Measuring& measuring, std::vector<Sentence> sentences) {
  ProgressBar bar("measuring", measuring.quiet);
  return measure(
      std::move(sentences), measuring.tokenizer, measuring.encoder, measuring.options,
      [&](std::uint64_t done, std::uint64_t total) { bar.update(done, total); }, measuring.stop);
}

Measurements measure_until(const Measuring& measuring, std::vector<Sentence> sentences,
                           std::uint64_t seed, std::uint64_t length_below, EarlyStop& stop) {
  shuffle(sentences, seed);
  const std::vector<std::uint64_t> looks = look_sizes(kFirstLook, sentences.size());
  stop.looks = looks.size();
  stop.confidence = confidence_of_each_look(looks);

  ProgressBar bar("measuring", measuring.quiet);
  Measurements all;
  for (const std::uint64_t size : looks) {
    const auto first = static_cast<std::ptrdiff_t>(all.rows.size());
    std::vector<Sentence> part(
        std::make_move_iterator(sentences.begin() + first),
        std::make_move_iterator(sentences.begin() + static_cast<std::ptrdiff_t>(size)));
    append(all, measure(
                    std::move(part), measuring.tokenizer, measuring.encoder, measuring.options,
                    [&](std::uint64_t done, std::uint64_t) {
                      bar.update(static_cast<std::uint64_t>(first) + done, sentences.size());
                    },
                    measuring.stop));
    ++stop.look;
    stop.reached = narrow_enough(keep(all.rows, length_below), stop);
    if (stop.reached) break;
  }
  std::ranges::sort(all.rows, {}, &Measurement::index);
  return all;
}

PrecisionError precision_error(const Measuring& measuring, const Encoder& exact,
                               const std::vector<Measurement>& rows) {
  const std::size_t count = std::min(rows.size(), kPrecisionSample);
  std::vector<Sentence> sample;
  std::vector<double> norms;
  for (std::size_t i = 0; i < count; ++i) {
    const Measurement& row = rows[i * rows.size() / count];
    sample.push_back({.index = row.index, .text = row.text});
    norms.push_back(row.norm);
  }
  const Measurements reference =
      measure(std::move(sample), measuring.tokenizer, exact, measuring.options, {}, measuring.stop);
  PrecisionError error{.sentences = count};
  for (std::size_t i = 0; i < count; ++i) {
    const double relative = norms[i] / reference.rows[i].norm - 1;
    error.largest = std::max(error.largest, std::abs(relative));
    error.mean += std::abs(relative) / static_cast<double>(count);
    error.bias += relative / static_cast<double>(count);
  }
  return error;
}

}  // namespace normscope::cli

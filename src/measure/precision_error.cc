#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "normscope/measure.h"

namespace normscope {
namespace {

constexpr std::size_t kStride = 64;
constexpr std::size_t kLeast = 32;

}  // namespace

void PrecisionError::add(const PrecisionError& other) {
  const auto all = static_cast<double>(sentences + other.sentences);
  if (all == 0) return;
  const double share = static_cast<double>(other.sentences) / all;
  mean += share * (other.mean - mean);
  bias += share * (other.bias - bias);
  largest = std::max(largest, other.largest);
  sentences += other.sentences;
}

PrecisionError precision_error(std::span<const Measurement> rows, const Tokenizer& tokenizer,
                               const Encoder& exact, const MeasureOptions& options,
                               const std::stop_token& stop) {
  const std::size_t stride = std::clamp<std::size_t>(rows.size() / kLeast, 1, kStride);
  std::vector<Sentence> sample;
  for (std::size_t i = 0; i < rows.size(); i += stride) {
    sample.push_back({.index = i, .text = rows[i].text});
  }
  MeasureOptions first{.max_length = options.max_length, .threads = options.threads};
  first.prompt = options.prompt;
  if (!options.columns.empty()) first.columns = {options.columns.front()};
  if (!options.centres.empty()) first.centres = {options.centres.front()};
  PrecisionError error;
  for (const Measurement& row :
       measure(std::move(sample), tokenizer, exact, first, {}, stop).rows) {
    const double relative = rows[row.index].statistics.at(0) / row.statistics.at(0) - 1;
    error.add({.sentences = 1,
               .largest = std::abs(relative),
               .mean = std::abs(relative),
               .bias = relative});
  }
  return error;
}

}  // namespace normscope

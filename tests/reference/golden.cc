#include "reference/golden.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "normscope/error.h"

namespace normscope::reference {
namespace {

namespace fs = std::filesystem;

// The output function of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t splitmix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

double norm(std::span<const float> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum);
}

// `value` where bit k is clear, its negative where it is set.
double with_sign(double value, std::uint64_t bits, std::size_t k) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ ((bits >> k) << 63));
}

nlohmann::json read_json(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw Error(path, "cannot be read");
  return nlohmann::json::parse(file);
}

}  // namespace

Sketch sketch(std::span<const float> hidden_state, std::size_t hidden_size) {
  Sketch sketch;
  sketch.cls_norm = norm(hidden_state.first(hidden_size));
  sketch.norm = norm(hidden_state);
  for (std::size_t i = 0; i < hidden_state.size(); ++i) {
    const std::uint64_t bits = splitmix64((i / hidden_size) << 32 | i % hidden_size);
    for (std::size_t k = 0; k < sketch.sums.size(); ++k) {
      sketch.sums[k] += with_sign(hidden_state[i], bits, k);
    }
  }
  for (std::size_t j = 0; j < sketch.values.size(); ++j) {
    sketch.values[j] = hidden_state[splitmix64((1ULL << 63) + j) % hidden_state.size()];
  }
  return sketch;
}

Difference difference(const Sketch& actual, const Sketch& golden, std::size_t elements) {
  double squares = 0;
  for (std::size_t k = 0; k < golden.sums.size(); ++k) {
    squares += std::pow(actual.sums[k] - golden.sums[k], 2);
  }
  double largest = 0;
  for (std::size_t j = 0; j < golden.values.size(); ++j) {
    const double apart = std::abs(actual.values[j] - golden.values[j]);
    if (!(apart <= largest)) largest = apart;  // keeps a NaN
  }
  const double root_mean_square = golden.norm / std::sqrt(static_cast<double>(elements));
  return {
      .cls_norm = std::abs(actual.cls_norm - golden.cls_norm) / golden.cls_norm,
      .hidden_state = std::sqrt(squares / static_cast<double>(golden.sums.size())) / golden.norm,
      .value = largest / root_mean_square};
}

Golden read_golden(const std::string& name) {
  const auto json = read_json(fs::path(NORMSCOPE_GOLDEN) / (name + ".json"));
  Golden golden{json.at("model"), json.at("model_sha256"), {}};
  for (const auto& sentence : json.at("sentences")) {
    GoldenSentence& read = golden.sentences.emplace_back();
    read.ids = sentence.at("ids").get<std::vector<std::int32_t>>();
    for (const auto& layer : sentence.at("layers")) {
      read.layers.push_back(
          {layer.at("cls_norm"), layer.at("norm"), layer.at("sketch"), layer.at("values")});
    }
  }
  return golden;
}

std::vector<RotaryFrequencies> read_rotary_frequencies() {
  const auto json = read_json(fs::path(NORMSCOPE_GOLDEN) / "rotary_frequencies.json");
  std::vector<RotaryFrequencies> table;
  for (const auto& entry : json.at("frequencies")) {
    table.push_back(
        {entry.at("base"), entry.at("divisor"), entry.at("head_size"), entry.at("values")});
  }
  return table;
}

std::vector<std::string> small_models() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(NORMSCOPE_SMALL_MODELS)) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path small_model_folder(const std::string& name) {
  return fs::path(NORMSCOPE_SMALL_MODELS) / name;
}

fs::path sentence_encoder_folder(const std::string& name) {
  return fs::path(NORMSCOPE_SENTENCE_ENCODERS) / name;
}

}  // namespace normscope::reference

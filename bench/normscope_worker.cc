// normscope's side of bench/compare: loads a model once, then answers requests on standard input, a
// JSON object a line, with one on standard output. bench/peers/serve.py speaks the same for Python.
//
//   {"do": "run", "sentences": FILE, "repeats": N}       text to norms
//   {"do": "tokenize", "sentences": FILE, "repeats": N}  text to token ids
//   {"do": "work", "sentences": FILE}                    floating-point operations that "run"
//   executes
//
// A file has a sentence a line; reading it is not timed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "normscope/encoder.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/tokenizer.h"

namespace {

using nlohmann::json;
using namespace normscope;

// Tokens that every program reads at most, whatever the model can.
constexpr std::size_t kMaxLength = 512;

struct Options {
  std::string model;
  unsigned threads = 1;
  std::optional<Isa> isa;
  Precision precision = Precision::fp32;
};

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::vector<Sentence> read_sentences(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<Sentence> sentences;
  for (std::string line; std::getline(file, line);) {
    sentences.push_back({.index = sentences.size(), .text = std::move(line)});
  }
  return sentences;
}

class Worker {
 public:
  explicit Worker(const Options& options)
      : options_(options),
        model_(load_model(options.model)),
        max_length_(std::min(kMaxLength, model_.spec.max_positions)),
        tokenizer_(Tokenizer::from_folder(options.model)),
        encoder_(model_, {{.layer = model_.spec.layers, .readout = Readout::cls}},
                 {.cpu = {.isa = options.isa}, .precision = options.precision}) {}

  [[nodiscard]] json answer(const json& request) const {
    const std::vector<Sentence> sentences = read_sentences(request.at("sentences"));
    const std::string what = request.at("do");
    if (what == "run") return run(sentences, request.at("repeats"));
    if (what == "tokenize") return tokenize(sentences, request.at("repeats"));
    if (what == "work") return work(sentences);
    throw std::invalid_argument("unknown request " + what);
  }

 private:
  [[nodiscard]] json run(const std::vector<Sentence>& sentences, int repeats) const {
    Measurements result;
    std::vector<double> seconds;
    for (int i = 0; i < repeats; ++i) {
      std::vector<Sentence> copy = sentences;
      const Stopwatch watch;
      result = measure(std::move(copy), tokenizer_, encoder_,
                       {.max_length = max_length_, .threads = options_.threads});
      seconds.push_back(watch.seconds());
    }
    std::vector<double> norms;
    for (const Measurement& row : result.rows) norms.push_back(row.statistics.front());
    return {{"seconds", seconds}, {"norms", norms}};
  }

  [[nodiscard]] json tokenize(const std::vector<Sentence>& sentences, int repeats) const {
    std::size_t ids = 0;
    std::vector<double> seconds;
    for (int i = 0; i < repeats; ++i) {
      const Stopwatch watch;
      ids = 0;
      for (const Sentence& sentence : sentences) {
        ids += tokenizer_.encode(sentence.text, max_length_).ids.size();
      }
      seconds.push_back(watch.seconds());
    }
    return {{"seconds", seconds}, {"ids", ids}};
  }

  // Multiplications and additions of the matrix products and of attention, as the encoder does
  // them: sentences with the same ids once, of the last layer only what [CLS] needs. Element-wise
  // work, the turning by rotary positions included, is not counted; nor are the maps of the
  // embeddings, DeBERTa's positions and its convolution, which no workload has.
  [[nodiscard]] json work(const std::vector<Sentence>& sentences) const {
    std::set<std::vector<TokenId>> distinct;
    for (const Sentence& sentence : sentences) {
      distinct.insert(tokenizer_.encode(sentence.text, max_length_).ids);
    }
    double operations = 0;
    std::size_t tokens = 0;
    for (const std::vector<TokenId>& ids : distinct) {
      tokens += ids.size();
      operations += operations_of(ids.size());
    }
    return {{"operations", operations}, {"tokens", tokens}, {"distinct", distinct.size()}};
  }

  // The same of one sentence. In a local layer, those of the keys that a token sees: the kernel
  // computes a few more, to have whole panels.
  [[nodiscard]] double operations_of(std::size_t tokens) const {
    const EncoderSpec& c = model_.spec;
    const auto hidden = static_cast<double>(c.hidden_size);
    const double projection = 2 * hidden * hidden;
    const double feed_forward =
        (c.gated_feed_forward ? 6 : 4) * hidden * static_cast<double>(c.intermediate_size);
    const auto n = static_cast<double>(tokens);
    double operations = 0;
    for (std::size_t layer = 0; layer < c.layers; ++layer) {
      const bool local = std::ranges::find(c.local_layers, layer) != c.local_layers.end();
      const auto r = static_cast<double>(local ? std::min(c.local_reach, tokens - 1) : tokens - 1);
      if (layer + 1 < c.layers) {
        // Each token sees itself and r to each side, but for those beyond the ends.
        const double pairs = n * (2 * r + 1) - r * (r + 1);
        operations += n * (4 * projection + feed_forward) + 4 * pairs * hidden;
        continue;
      }
      // Query, values and output of one token, and each head's mean of the states that it sees.
      const double seen = r + 1;
      const double mean = 2 * static_cast<double>(c.heads) * seen * hidden;
      operations += 3 * projection + mean + feed_forward;
      // Rotary positions need the keys of all tokens seen. Without them, one more map lets each
      // head compare its query with the states.
      operations += c.rotary_base > 0 ? seen * (projection + 2 * hidden) : projection + mean;
    }
    return operations;
  }

  Options options_;
  Model model_;
  std::size_t max_length_;
  Tokenizer tokenizer_;
  Encoder encoder_;
};

int serve(int argc, char** argv) {
  const std::map<std::string, Isa> isas = {{"avx2", Isa::avx2}, {"avx512", Isa::avx512}};
  const std::map<std::string, Precision> precisions = {{"fp32", Precision::fp32},
                                                       {"bf16", Precision::bf16}};
  Options options;
  CLI::App app("normscope as a resident process for bench/compare");
  app.add_option("--model", options.model)->required();
  app.add_option("--threads", options.threads);
  app.add_option("--isa", options.isa)->transform(CLI::CheckedTransformer(isas));
  app.add_option("--precision", options.precision)->transform(CLI::CheckedTransformer(precisions));
  CLI11_PARSE(app, argc, argv);

  const Stopwatch loading;
  const Worker worker(options);
  std::cout << json{{"load_s", loading.seconds()}} << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << worker.answer(json::parse(line)) << std::endl;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return serve(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "normscope_worker: " << error.what() << '\n';
    return 1;
  }
}

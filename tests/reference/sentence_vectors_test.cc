// Vectors of the model's own readout against those of sentence-transformers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "normscope/encoder.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/tokenizer.h"
#include "reference/golden.h"

namespace normscope {
namespace {

// Each of a vector of norm 1.
constexpr double kDirection = 1e-6;
constexpr double kNorm = 1e-5;

double norm_of(const std::vector<double>& vector) {
  double square = 0;
  for (const double x : vector) square += x * x;
  return std::sqrt(square);
}

// The largest difference of the two vectors' directions in any dimension.
double apart(const std::vector<double>& a, const std::vector<double>& b) {
  const double norm_a = norm_of(a);
  const double norm_b = norm_of(b);
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(a[i] / norm_a - b[i] / norm_b));
  }
  return most;
}

nlohmann::json golden() {
  return nlohmann::json::parse(
      std::ifstream(std::filesystem::path(NORMSCOPE_GOLDEN) / "sentence_vectors.json"));
}

TEST(SentenceVectorsReference, AreThoseOfSentenceTransformers) {
  const nlohmann::json all = golden();
  std::size_t encoders = 0;
  for (const nlohmann::json& of : all.at("encoders")) {
    const std::string name = of.at("name");
    SCOPED_TRACE(name);
    const std::filesystem::path folder = reference::sentence_encoder_folder(name);
    Model model = load_model(folder);
    load_own_readout(model);
    EXPECT_EQ(model_sha256(model), of.at("model_sha256"));
    const Tokenizer tokenizer = Tokenizer::from_folder(folder);
    const Encoder encoder(model, {{.layer = model.spec.layers, .readout = Readout::model}});
    std::vector<Sentence> sentences;
    for (const nlohmann::json& sentence : of.at("sentences")) {
      sentences.push_back({.index = sentences.size(), .text = sentence.at("text")});
    }
    MeasureOptions options{.max_length = of.at("max_length")};
    options.vectors = {{.points = {encoder.points().front()}}};
    options.prompt = of.at("prompt");
    const Measurements measured = measure(std::move(sentences), tokenizer, encoder, options);
    const std::vector<float>& vectors = measured.vectors.at(0).points.at(0);
    const std::size_t width = encoder.width(Readout::model);
    std::size_t row = 0;
    for (const nlohmann::json& sentence : of.at("sentences")) {
      SCOPED_TRACE(row);
      const auto expected = sentence.at("vector").get<std::vector<double>>();
      ASSERT_EQ(expected.size(), width);
      const auto begin = vectors.begin() + static_cast<std::ptrdiff_t>(row * width);
      const std::vector<double> vector(begin, begin + static_cast<std::ptrdiff_t>(width));
      EXPECT_LE(apart(vector, expected), kDirection);
      const double norm = sentence.at("norm");
      EXPECT_NEAR(measured.rows[row].statistics.at(0) / norm, 1, kNorm);
      EXPECT_NEAR(norm_of(expected), model.own_readout->normalizes ? 1 : norm, kNorm * norm);
      ++row;
    }
    ++encoders;
  }
  EXPECT_GE(encoders, 12U);
}

}  // namespace
}  // namespace normscope

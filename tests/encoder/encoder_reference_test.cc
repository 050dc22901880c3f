// The encoder against the hidden states that Hugging Face transformers gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "base/cache_folder.h"
#include "normscope/encoder.h"
#include "normscope/model.h"
#include "reference/golden.h"

namespace normscope {
namespace {

constexpr std::array<const char*, 2> kRealModels{"all-MiniLM-L6-v2", "all-mpnet-base-v2"};
constexpr double kTolerance = 1e-5;

std::vector<std::string> all_models() {
  std::vector<std::string> models = reference::small_models();
#ifndef NORMSCOPE_SMALL_MODELS_ONLY
  models.insert(models.end(), kRealModels.begin(), kRealModels.end());
#endif
  return models;
}

class EncoderReferenceTest : public testing::TestWithParam<std::tuple<std::string, Isa>> {};

INSTANTIATE_TEST_SUITE_P(Models, EncoderReferenceTest,
                         testing::Combine(testing::ValuesIn(all_models()),
                                          testing::ValuesIn(available_isas())),
                         [](const auto& test) {
                           std::string label = std::get<0>(test.param) + "_" +
                                               std::string(name(std::get<1>(test.param)));
                           std::replace(label.begin(), label.end(), '-', '_');
                           return label;
                         });

TEST_P(EncoderReferenceTest, HiddenStatesAreTheReferences) {
  const auto& [name, isa] = GetParam();
  const bool real = std::ranges::find(kRealModels, name) != kRealModels.end();
  const auto folder = real ? cache_folder() / "models" / name : reference::small_model_folder(name);
  const reference::Golden golden = reference::read_golden(name);
  const Model model = load_model(folder);
  ASSERT_EQ(model_sha256(model), golden.model_sha256) << "not the model of the golden numbers";
  ASSERT_GE(golden.sentences.size(), 10U);

  const std::size_t hidden = model.spec.hidden_size;
  std::vector<ReadoutPoint> points;
  for (std::size_t layer = 0; layer <= model.spec.layers; ++layer) {
    points.push_back({.layer = layer, .readout = Readout::tokens});
  }
  const Encoder every(model, points, {.cpu = {.isa = isa}});
  const Encoder cls(model, {{.layer = model.spec.layers, .readout = Readout::cls}},
                    {.cpu = {.isa = isa}});
  Encoder::Workspace workspace(every);

  reference::Difference worst;
  for (const reference::GoldenSentence& sentence : golden.sentences) {
    const std::vector<std::size_t> offsets{0, sentence.ids.size()};
    const PackedBatch batch{.ids = sentence.ids, .offsets = offsets};
    std::vector<float> states(every.output_size(batch));
    every.encode(batch, states, workspace);
    const std::size_t elements = sentence.ids.size() * hidden;
    ASSERT_EQ(sentence.layers.size(), points.size());
    for (std::size_t layer = 0; layer < points.size(); ++layer) {
      const auto state = std::span(states).subspan(layer * elements, elements);
      const auto d =
          reference::difference(reference::sketch(state, hidden), sentence.layers[layer], elements);
      worst.cls_norm = std::max(worst.cls_norm, d.cls_norm);
      worst.hidden_state = std::max(worst.hidden_state, d.hidden_state);
      worst.value = std::max(worst.value, d.value);
    }
    std::vector<float> vector(cls.output_size(batch));
    cls.encode(batch, vector, workspace);
    const double norm = reference::sketch(vector, hidden).cls_norm;
    const double expected = sentence.layers.back().cls_norm;
    worst.cls_norm = std::max(worst.cls_norm, std::abs(norm - expected) / expected);
  }
  RecordProperty("worst_norm", std::to_string(worst.cls_norm));
  std::cout << "largest relative difference: norm " << worst.cls_norm << ", hidden state "
            << worst.hidden_state << ", element " << worst.value << "\n";
  EXPECT_LE(worst.cls_norm, kTolerance);
  EXPECT_LE(worst.hidden_state, kTolerance);
  EXPECT_LE(worst.value, 10 * kTolerance);
}

}  // namespace
}  // namespace normscope

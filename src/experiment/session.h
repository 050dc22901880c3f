#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "experiment/max_length.h"
#include "experiment/plan.h"
#include "experiment/prompt.h"
#include "normscope/checkpoint.h"
#include "normscope/encoder.h"
#include "normscope/experiment.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// A model made ready to measure what an experiment asks for: its tokenizer, its encoder, and those
/// of the controls.
class Session {
 public:
  /// Throws Error if the model cannot be read or does not fit the options.
  explicit Session(const ExperimentOptions& options);

  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] const Encoder& encoder() const { return encoder_; }
  [[nodiscard]] const Tokenizer& tokenizer() const { return tokenizer_; }
  [[nodiscard]] std::size_t max_length() const { return measuring_.max_length; }
  [[nodiscard]] const std::optional<PromptSource>& prompt() const { return prompt_.source; }
  /// Which of the model's files decided; lines for the user.
  [[nodiscard]] std::vector<std::string> notices() const;
  [[nodiscard]] unsigned threads() const { return measuring_.threads; }
  /// SHA-256 over all of the model's files, once they are hashed.
  [[nodiscard]] std::string model_sha256() { return sha256_to_be_.get(); }

  /// How many sentences calibrate() needs; 0: none.
  [[nodiscard]] std::uint64_t calibration_sentences() const;
  /// From here on, vectors are centred at these sentences' mean vectors.
  void calibrate(const std::vector<Sentence>& sentences, const MeasureProgress& progress,
                 const std::stop_token& stop);

  /// Chooses, by their index alone, which of some `sentences` in all (if that is known) have
  /// their vectors kept for the probes, and which are measured again as controls.
  void choose_samples(std::optional<std::uint64_t> sentences);

  /// Throws Error if a statistic is not finite.
  [[nodiscard]] MeasuredShard measure_shard(std::vector<Sentence> sentences,
                                            const MeasureProgress& progress) const;

 private:
  [[nodiscard]] std::vector<Sentence> controls_among(const std::vector<Sentence>& sentences) const;
  void measure_controls(std::vector<Sentence> chosen, MeasuredShard& shard) const;
  [[nodiscard]] std::vector<std::vector<float>> centres_of(const std::vector<Sentence>& sentences,
                                                           const Encoder& of,
                                                           const MeasureProgress& progress,
                                                           const std::stop_token& stop) const;
  [[nodiscard]] std::vector<float> shift_before(const ReadoutPoint& point) const;

  std::filesystem::path folder_;
  // Building these parts takes some 30 ms each, so they are built side by side.
  std::future<Tokenizer> tokenizer_to_be_;
  Model model_;
  Prompt prompt_;
  Plan plan_;
  Encoder encoder_;
  Tokenizer tokenizer_;
  std::future<std::string> sha256_to_be_;
  MaxLength max_length_;
  MeasureOptions measuring_;
  /// If the encoder is not exact: the one to compare it with.
  std::optional<Encoder> exact_;
  /// The control's model, and its centres.
  std::optional<Encoder> random_;
  std::vector<std::vector<float>> random_centres_;
  std::function<bool(std::uint64_t)> is_control_;
  /// The shift of the LayerNorm that makes the primary point's vectors.
  std::vector<float> shift_;
  std::uint64_t seed_;
};

}  // namespace normscope

#include "experiment/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "base/random.h"
#include "experiment/own_readout_source.h"
#include "model/roles.h"
#include "model/sentence_config.h"
#include "normscope/controls.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// Sentences whose mean vector is the centre of centered_l2.
constexpr std::uint64_t kCalibrationSentences = 1024;
// Expected numbers of sentences that are probed, and that are measured again as controls; and the
// assumed size of a corpus whose sentences cannot be counted first.
constexpr double kProbeSentences = 8000;
constexpr double kControlSentences = 4000;
constexpr double kUnknownSentences = 128'000;
// The stream of the seed's random numbers that chooses them.
constexpr std::uint64_t kChoice = 1;

void check_fit(const std::filesystem::path& folder, const Tokenizer& tokenizer,
               const EncoderSpec& spec) {
  if (tokenizer.vocabulary_size() > spec.vocabulary_size) {
    throw Error(folder, "the tokenizer has " + std::to_string(tokenizer.vocabulary_size()) +
                            " tokens, the model's embedding " +
                            std::to_string(spec.vocabulary_size));
  }
  if (tokenizer.special_tokens() == 0) {
    throw Error(folder, "the tokenizer adds no special tokens, so there is no [CLS] to read");
  }
}

// The vectors that the options ask for.
bool reads_own(const ExperimentOptions& options) {
  const auto has = [](const std::vector<Readout>& readouts) {
    return std::ranges::find(readouts, Readout::model) != readouts.end();
  };
  return has(options.readouts) || has(options.saved_vectors);
}

Model load(const ExperimentOptions& options) {
  Model model = load_model(options.model.folder);
  if (reads_own(options)) load_own_readout(model);
  return model;
}

// sentence-transformers then lower-cases texts itself, which makes no difference to most
// tokenizers.
void check_case(const Model& model, const Tokenizer& tokenizer) {
  const SentenceConfig config = read_sentence_config(model.folder);
  if (!model.own_readout || !config.counts || !config.lower_case) return;
  constexpr std::string_view kUpper = "ABC DEF GHI JKL MNO PQR STU VWX YZ \xc3\x84";
  constexpr std::string_view kLower = "abc def ghi jkl mno pqr stu vwx yz \xc3\xa4";
  if (tokenizer.encode(kUpper, model.spec.max_positions).ids ==
      tokenizer.encode(kLower, model.spec.max_positions).ids) {
    return;
  }
  throw Error(model.folder / config.file, "do_lower_case",
              "is true, which the tokenizer does not do; that is not supported");
}

}  // namespace

Session::Session(const ExperimentOptions& options)
    : folder_(options.model.folder),
      tokenizer_to_be_(std::async(std::launch::async, Tokenizer::from_folder, folder_)),
      model_(load(options)),
      prompt_(choose_prompt(options, model_)),
      plan_(make_plan(options, model_)),
      encoder_(model_, plan_.points, options.encoder),
      tokenizer_(tokenizer_to_be_.get()),
      sha256_to_be_(std::async(std::launch::async, normscope::model_sha256, std::cref(model_))),
      seed_(options.seed) {
  check_fit(folder_, tokenizer_, model_.spec);
  check_case(model_, tokenizer_);
  max_length_ = choose_max_length(options, model_, tokenizer_);
  count_prompt(prompt_, tokenizer_, max_length_.tokens, model_);
  measuring_ = {.max_length = max_length_.tokens,
                .threads = options.threads > 0 ? options.threads
                                               : std::max(1U, std::thread::hardware_concurrency()),
                .columns = plan_.columns};
  if (prompt_.source) measuring_.prompt = prompt_.source->text;
  measuring_.vectors.resize(2);
  if (plan_.probes) measuring_.vectors[kProbedVectors].points = probed(plan_.columns);
  measuring_.vectors[kSavedVectors].points = plan_.saved;
  if (options.encoder.precision != Precision::fp32) {
    exact_.emplace(model_, std::vector{plan_.points.front()},
                   EncoderOptions{.cpu = options.encoder.cpu});
  }
  if (plan_.controls) {
    random_.emplace(randomize_weights(model_, options.seed), plan_.points, options.encoder);
  }
  if (plan_.probes) shift_ = shift_before(plan_.points.front());
}

std::vector<std::string> Session::notices() const {
  std::vector<std::string> lines = tokenizer_.decisions();
  const auto add = [&](std::string line) {
    if (!line.empty()) lines.push_back(std::move(line));
  };
  add(own_readout_notice(model_, plan_));
  add(prompt_.notice);
  add(max_length_.notice);
  return lines;
}

std::uint64_t Session::calibration_sentences() const {
  const bool centred = std::ranges::find(plan_.columns, Statistic::centered_l2,
                                         &StatisticColumn::statistic) != plan_.columns.end();
  return centred ? kCalibrationSentences : 0;
}

void Session::calibrate(const std::vector<Sentence>& sentences, const MeasureProgress& progress,
                        const std::stop_token& stop) {
  measuring_.centres = centres_of(sentences, encoder_, progress, stop);
  if (random_) random_centres_ = centres_of(sentences, *random_, progress, stop);
}

void Session::choose_samples(std::optional<std::uint64_t> sentences) {
  if (!plan_.probes) return;
  const auto share = [sentences](double wanted) {
    return sentences ? wanted / static_cast<double>(*sentences) : wanted / kUnknownSentences;
  };
  // The same numbers for both, so that the controls are among the probed.
  const std::uint64_t choice = Random(seed_, kChoice).next();
  measuring_.vectors[kProbedVectors].wants = [choice,
                                              below = share(kProbeSentences)](std::uint64_t index) {
    return Random(choice, index).uniform() < below;
  };
  is_control_ = [choice, below = share(kControlSentences)](std::uint64_t index) {
    return Random(choice, index).uniform() < below;
  };
}

MeasuredShard Session::measure_shard(std::vector<Sentence> sentences,
                                     const MeasureProgress& progress) const {
  MeasuredShard shard;
  shard.shift = shift_;
  std::vector<Sentence> controls = random_ ? controls_among(sentences) : std::vector<Sentence>();
  shard.measurements = measure(std::move(sentences), tokenizer_, encoder_, measuring_, progress);
  if (random_) measure_controls(std::move(controls), shard);
  const std::vector<Measurement>& rows = shard.measurements.rows;
  for (const Measurement& row : rows) {
    for (std::size_t column = 0; column < row.statistics.size(); ++column) {
      if (std::isfinite(row.statistics[column])) continue;
      throw Error(folder_, fmt::format("sentence {}", row.index),
                  name(plan_.columns[column]) + " is not a finite number");
    }
  }
  if (exact_) shard.precision_error = precision_error(rows, tokenizer_, *exact_, measuring_);
  return shard;
}

std::vector<Sentence> Session::controls_among(const std::vector<Sentence>& sentences) const {
  std::vector<Sentence> chosen;
  for (const Sentence& sentence : sentences) {
    if (is_control_(sentence.index)) chosen.push_back(sentence);
  }
  return chosen;
}

void Session::measure_controls(std::vector<Sentence> chosen, MeasuredShard& shard) const {
  std::vector<Sentence> shuffled = chosen;
  for (Sentence& sentence : shuffled) {
    sentence.text = shuffle_words(sentence.text, seed_, sentence.index);
  }
  MeasureOptions again = measuring_;
  again.vectors = {{.points = measuring_.vectors[kProbedVectors].points}};
  const auto add = [&](const char* name, std::vector<Sentence> sentences, const Encoder& with) {
    Measurements measured = measure(std::move(sentences), tokenizer_, with, again);
    shard.measurements.tokenize_s += measured.tokenize_s;
    shard.measurements.encode_s += measured.encode_s;
    ControlRows control{.name = name,
                        .indices = {},
                        .statistics = {},
                        .vectors = std::move(measured.vectors.front())};
    for (Measurement& row : measured.rows) {
      control.indices.push_back(row.index);
      control.statistics.push_back(std::move(row.statistics));
    }
    shard.controls.push_back(std::move(control));
  };
  add("shuffled_words", std::move(shuffled), encoder_);
  again.centres = random_centres_;
  add("random_weights", std::move(chosen), *random_);
}

// The mean vector at each of the encoder's points.
std::vector<std::vector<float>> Session::centres_of(const std::vector<Sentence>& sentences,
                                                    const Encoder& of,
                                                    const MeasureProgress& progress,
                                                    const std::stop_token& stop) const {
  const MeasureOptions all{.max_length = measuring_.max_length,
                           .threads = measuring_.threads,
                           .columns = {},
                           .centres = {},
                           .vectors = {{.points = plan_.points}},
                           .prompt = measuring_.prompt};
  const KeptVectors kept = measure(sentences, tokenizer_, of, all, progress, stop).vectors.front();
  std::vector<std::vector<float>> centres;
  for (const std::vector<float>& vectors : kept.points) {
    const std::size_t width = of.width(plan_.points[centres.size()].readout);
    std::vector<double> sums(width);
    for (std::size_t i = 0; i < vectors.size(); ++i) sums[i % width] += vectors[i];
    std::vector<float>& centre = centres.emplace_back();
    for (const double sum : sums) {
      centre.push_back(static_cast<float>(sum / static_cast<double>(kept.indices.size())));
    }
  }
  return centres;
}

// The β of the LayerNorm that makes the point's vectors; none if no LayerNorm does.
std::vector<float> Session::shift_before(const ReadoutPoint& point) const {
  if (point.readout != Readout::cls) return {};
  const std::optional<Slot> norm = norm_before(point.layer, model_.spec);
  if (!norm || !has_bias(norm->role, model_.spec)) return {};
  const TensorView& shift_of_norm = model_.weights.at(norm->role, norm->layer).bias;
  std::vector<float> values(shift_of_norm.size());
  shift_of_norm.read(0, values);
  return values;
}

}  // namespace normscope

#include "normscope/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "encoder/backend.h"
#include "encoder/cpu/cpu_backend.h"
#include "encoder/readout.h"
#include "encoder/sentence_vectors.h"
#include "normscope/error.h"

namespace normscope {
namespace {

bool reads(Readout readout, std::span<const ReadoutPoint> points) {
  return std::ranges::find(points, readout, &ReadoutPoint::readout) != points.end();
}

// The model's own readout, if a point reads it.
std::optional<SentenceVectors> sentence_vectors(const Model& model,
                                                std::span<const ReadoutPoint> points) {
  if (!reads(Readout::model, points)) return std::nullopt;
  if (!model.own_readout) throw std::invalid_argument("the model's own readout is not loaded");
  return SentenceVectors(*model.own_readout, model.spec.hidden_size);
}

// The layers that the points read, each once.
std::vector<LayerWanted> layers_of(const Model& model, std::span<const ReadoutPoint> points,
                                   const std::optional<SentenceVectors>& own) {
  std::vector<LayerWanted> layers;
  for (const ReadoutPoint& point : points) {
    if (point.layer > model.spec.layers) {
      throw std::invalid_argument(
          fmt::format("layer {} of a model of {} layers", point.layer, model.spec.layers));
    }
    const bool last_only = point.readout == Readout::pooler || point.readout == Readout::model;
    if (last_only && point.layer != model.spec.layers) {
      throw std::invalid_argument(
          fmt::format("the readout {} reads the last layer", name(point.readout)));
    }
    const bool all_tokens = point.readout == Readout::model ? !own->reads_first_token()
                                                            : !reads_first_token(point.readout);
    const auto known = std::ranges::find(layers, point.layer, &LayerWanted::layer);
    if (known == layers.end()) {
      layers.push_back({.layer = point.layer, .all_tokens = all_tokens});
    } else {
      known->all_tokens = known->all_tokens || all_tokens;
    }
  }
  return layers;
}

bool reads_pooler(const Model& model, std::span<const ReadoutPoint> points) {
  const bool pools = reads(Readout::pooler, points);
  if (pools && !model.spec.pooler) {
    throw Error(model.folder, "the model comes without a pooler");
  }
  return pools;
}

}  // namespace

struct Encoder::State {
  State(const Model& model, std::vector<ReadoutPoint> wanted, const EncoderOptions& options)
      : spec(model.spec),
        precision(options.precision),
        points(std::move(wanted)),
        own(sentence_vectors(model, points)),
        backend(make_cpu_backend(model, layers_of(model, points, own), reads_pooler(model, points),
                                 options.cpu, options.precision)) {}

  void check(const PackedBatch& batch, std::span<const float> out) const;
  [[nodiscard]] std::size_t width(Readout readout) const {
    return readout == Readout::model && own ? own->width() : spec.hidden_size;
  }
  // Number of floats in a point's block.
  [[nodiscard]] std::size_t size_of(const ReadoutPoint& point, const PackedBatch& batch) const {
    return rows_of(point.readout, batch) * width(point.readout);
  }
  [[nodiscard]] std::size_t output_size(const PackedBatch& batch) const;

  EncoderSpec spec;
  Precision precision;
  std::vector<ReadoutPoint> points;
  std::optional<SentenceVectors> own;
  std::unique_ptr<const Backend> backend;
};

struct Encoder::Workspace::State {
  std::unique_ptr<Backend::Workspace> memory;
};

Encoder::Workspace::Workspace(const Encoder& encoder, unsigned threads)
    : state_(std::make_unique<State>(
          State{encoder.state_->backend->workspace(std::max(1U, threads))})) {}
Encoder::Workspace::Workspace(Workspace&&) noexcept = default;
Encoder::Workspace& Encoder::Workspace::operator=(Workspace&&) noexcept = default;
Encoder::Workspace::~Workspace() = default;

void Encoder::State::check(const PackedBatch& batch, std::span<const float> out) const {
  const auto& offsets = batch.offsets;
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != batch.ids.size()) {
    throw std::invalid_argument("the offsets of a batch begin with 0 and end with its ids' number");
  }
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    if (offsets[s + 1] <= offsets[s] || offsets[s + 1] - offsets[s] > spec.max_positions) {
      throw std::invalid_argument(
          fmt::format("a sentence has 1 to {} token ids", spec.max_positions));
    }
  }
  for (const TokenId id : batch.ids) {
    if (id < 0 || static_cast<std::size_t>(id) >= spec.vocabulary_size) {
      throw std::invalid_argument(
          fmt::format("token id {} with an embedding of {} rows", id, spec.vocabulary_size));
    }
  }
  if (out.size() != output_size(batch))
    throw std::invalid_argument("the output has another size than the batch");
}

std::size_t Encoder::State::output_size(const PackedBatch& batch) const {
  std::size_t size = 0;
  for (const ReadoutPoint& point : points) size += size_of(point, batch);
  return size;
}

Encoder::Encoder(const Model& model, std::vector<ReadoutPoint> points,
                 const EncoderOptions& options)
    : state_(std::make_unique<const State>(model, std::move(points), options)) {}
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;
Encoder::~Encoder() = default;

const EncoderSpec& Encoder::spec() const { return state_->spec; }
std::span<const ReadoutPoint> Encoder::points() const { return state_->points; }
std::string_view Encoder::device() const { return state_->backend->device(); }
Precision Encoder::precision() const { return state_->precision; }
std::size_t Encoder::batch_tokens() const { return state_->backend->batch_tokens(); }

std::size_t Encoder::width(Readout readout) const { return state_->width(readout); }

std::size_t Encoder::output_size(const PackedBatch& batch) const {
  return state_->output_size(batch);
}

void Encoder::encode(const PackedBatch& batch, std::span<float> out, Workspace& workspace) const {
  state_->check(batch, out);
  if (batch.sentences() == 0) return;
  const std::size_t hidden = state_->spec.hidden_size;
  Backend::Workspace& memory = *workspace.state_->memory;
  const auto read = [&](std::size_t layer, const HiddenState& state) {
    float* block = out.data();
    for (const ReadoutPoint& point : state_->points) {
      if (point.layer == layer && point.readout == Readout::model) {
        state_->own->read_out(batch, state, block);
      } else if (point.layer == layer) {
        read_out(point.readout, batch, state, hidden, block);
      }
      block += state_->size_of(point, batch);
    }
  };
  state_->backend->run(batch, memory, read);
  float* block = out.data();
  for (const ReadoutPoint& point : state_->points) {
    const std::size_t size = state_->size_of(point, batch);
    if (point.readout == Readout::pooler) state_->backend->pool({block, size}, memory);
    block += size;
  }
}

}  // namespace normscope

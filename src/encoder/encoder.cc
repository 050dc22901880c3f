#include "normscope/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "encoder/aligned_buffer.h"
#include "encoder/kernels.h"
#include "encoder/layers.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// Rows of the feed-forward block's wide middle that are held at a time; they stay in the cache.
constexpr std::size_t kFeedForwardRows = 224;

Isa choose_isa(std::optional<Isa> wanted) {
  const std::vector<Isa> available = available_isas();
  if (available.empty()) throw Error("encoder", "this CPU has no AVX2");
  if (!wanted) return available.back();
  if (std::find(available.begin(), available.end(), *wanted) == available.end()) {
    throw Error("encoder", fmt::format("this CPU has no {}", name(*wanted)));
  }
  return *wanted;
}

const Kernels& choose_kernels(Isa isa, Precision precision) {
  const Kernels* kernels = kernels_for(isa, precision);
  if (kernels == nullptr) {
    throw Error("encoder", fmt::format("{} needs a CPU with AVX512_BF16 and the instruction set "
                                       "avx512",
                                       name(precision)));
  }
  return *kernels;
}

// Whether the readout sees nothing but a sentence's first token.
bool reads_first_token(Readout readout) {
  return readout == Readout::cls || readout == Readout::pooler;
}

std::size_t rows_of(const ReadoutPoint& point, const PackedBatch& batch) {
  return point.readout == Readout::tokens ? batch.tokens() : batch.sentences();
}

}  // namespace

std::string_view name(Readout readout) {
  switch (readout) {
    case Readout::cls:
      return "cls";
    case Readout::tokens:
      return "tokens";
    case Readout::mean:
      return "mean";
    case Readout::max:
      return "max";
    case Readout::pooler:
      return "pooler";
  }
  return "";
}

std::string name(const ReadoutPoint& point) {
  return fmt::format("layer{}.{}", point.layer, name(point.readout));
}

struct Encoder::Workspace::Buffers {
  explicit Buffers(unsigned threads) : team(threads), scratch(threads) {}

  Team team;
  AlignedBuffer states, next, qkv, context, intermediate, queries, mixed;
  std::vector<AlignedBuffer> scratch;  // each member's own
};

Encoder::Workspace::Workspace(unsigned threads)
    : buffers_(std::make_unique<Buffers>(std::max(1U, threads))) {}
Encoder::Workspace::Workspace(Workspace&&) noexcept = default;
Encoder::Workspace& Encoder::Workspace::operator=(Workspace&&) noexcept = default;
Encoder::Workspace::~Workspace() = default;

struct Encoder::State {
  State(const Model& model, std::vector<ReadoutPoint> wanted, Isa chosen, Precision arithmetic);

  void check(const PackedBatch& batch, std::span<const float> out) const;
  void run(const PackedBatch& batch, std::span<float> out, Workspace::Buffers& buffers) const;

  void embed(const PackedBatch& batch, Rows states) const;
  void attend(const FullAttention& attention, const PackedBatch& batch, ConstRows states, Rows y,
              Workspace::Buffers& buffers) const;
  void attend_first(const FirstTokenAttention& attention, const PackedBatch& batch,
                    ConstRows states, Rows y, Workspace::Buffers& buffers) const;
  void feed_forward(const Layer& layer, std::size_t rows, Rows states,
                    Workspace::Buffers& buffers) const;
  void read_out(const PackedBatch& batch, const ReadoutPoint& point, ConstRows states,
                bool first_only, float* out, Workspace::Buffers& buffers) const;

  EncoderSpec spec;
  Isa isa;
  Precision precision;
  const Kernels* kernels;
  std::vector<ReadoutPoint> points;
  Embeddings embeddings;
  WeightStorage storage;
  std::vector<Layer> layers;  // those that the points need
  std::optional<Linear> pooler;
  std::size_t stride;  // between the rows of a [., hidden_size] buffer
};

Encoder::State::State(const Model& model, std::vector<ReadoutPoint> wanted, Isa chosen,
                      Precision arithmetic)
    : spec(model.spec),
      isa(chosen),
      precision(arithmetic),
      kernels(&choose_kernels(chosen, arithmetic)),
      points(std::move(wanted)),
      embeddings(model),
      stride(row_stride(spec.hidden_size)) {
  std::size_t needed = 0;
  for (const ReadoutPoint& point : points) {
    if (point.layer > spec.layers) {
      throw std::invalid_argument(
          fmt::format("layer {} of a model of {} layers", point.layer, spec.layers));
    }
    needed = std::max(needed, point.layer);
  }
  const bool only_first = std::all_of(points.begin(), points.end(), [&](const ReadoutPoint& p) {
    return p.layer < needed || reads_first_token(p.readout);
  });
  layers.reserve(needed);
  for (std::size_t i = 0; i < needed; ++i) {
    layers.emplace_back(*kernels, storage, model, i, only_first && i + 1 == needed);
  }
  const bool pools = std::any_of(points.begin(), points.end(), [&](const ReadoutPoint& p) {
    if (p.readout == Readout::pooler && p.layer != spec.layers) {
      throw std::invalid_argument("the pooler reads the last layer");
    }
    return p.readout == Readout::pooler;
  });
  if (!pools) return;
  if (!spec.pooler) throw Error(model.folder, "the model comes without a pooler");
  const std::array<const Weight*, 1> maps{&model.weights.at(Role::pooler)};
  pooler.emplace(*kernels, storage, maps);
}

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
  std::size_t size = 0;
  for (const ReadoutPoint& point : points) size += spec.hidden_size * rows_of(point, batch);
  if (out.size() != size) throw std::invalid_argument("the output has another size than the batch");
}

void Encoder::State::embed(const PackedBatch& batch, Rows states) const {
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    for (std::size_t t = batch.offsets[s]; t < batch.offsets[s + 1]; ++t) {
      embeddings.write(batch.ids[t], t - batch.offsets[s],
                       {states.data + t * states.stride, spec.hidden_size});
    }
  }
  embeddings.norm().apply(*kernels, states, {}, batch.tokens(), states);
}

// y = self-attention of all tokens, before its output projection.
void Encoder::State::attend(const FullAttention& attention, const PackedBatch& batch,
                            ConstRows states, Rows y, Workspace::Buffers& buffers) const {
  const std::size_t width = 3 * spec.hidden_size;
  const std::size_t qkv_stride = row_stride(width);
  // A vector read of the last value row may reach past its end.
  const Rows qkv{buffers.qkv.reserve((batch.tokens() + 1) * qkv_stride), qkv_stride};
  attention.query_key_value.apply(*kernels, buffers.team, states, batch.tokens(), Epilogue::none,
                                  qkv);
  const std::size_t heads = spec.heads;
  const auto shape_of = [&](std::size_t sentence) {
    return AttentionShape{.tokens = batch.offsets[sentence + 1] - batch.offsets[sentence],
                          .heads = heads,
                          .head_size = spec.hidden_size / heads,
                          .first_head = 0,
                          .end_head = heads};
  };
  std::size_t scratch = 0;
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    scratch = std::max(scratch, kernels->attention_scratch(shape_of(s)));
  }
  for (AlignedBuffer& own : buffers.scratch) own.reserve(scratch);
  // A piece of work is a head of a sentence.
  buffers.team.split(
      batch.sentences() * heads, [&](std::size_t first, std::size_t end, unsigned member) {
        while (first < end) {
          const std::size_t s = first / heads;
          const std::size_t row = batch.offsets[s];
          AttentionShape shape = shape_of(s);
          shape.first_head = first % heads;
          shape.end_head = std::min(heads, shape.first_head + end - first);
          kernels->attention({qkv.data + row * qkv.stride, qkv.stride}, shape,
                             buffers.scratch[member].data(), {y.data + row * y.stride, y.stride});
          first += shape.end_head - shape.first_head;
        }
      });
}

// y = self-attention of each sentence's first token, before its output projection. With one query
// a head, q · (W_k h + b_k) = (W_kᵀ q) · h + const, and the softmax does not see the constant; the
// weighted mean of values is W_v (weighted mean of h) + b_v. So no token needs keys or values.
void Encoder::State::attend_first(const FirstTokenAttention& attention, const PackedBatch& batch,
                                  ConstRows states, Rows y, Workspace::Buffers& buffers) const {
  const std::size_t sentences = batch.sentences();
  const std::size_t hidden = spec.hidden_size;
  const std::size_t head_size = hidden / spec.heads;
  const Rows first{buffers.context.reserve(sentences * stride), stride};
  for (std::size_t s = 0; s < sentences; ++s) {
    std::copy_n(states.data + batch.offsets[s] * states.stride, hidden,
                first.data + s * first.stride);
  }
  attention.query.apply(*kernels, buffers.team, first, sentences, Epilogue::none, y);

  const std::size_t sentence_stride = spec.heads * stride;
  const Rows queries{buffers.queries.reserve(sentences * sentence_stride), sentence_stride};
  // A vector read of the last row may reach past its end.
  const Rows mixed{buffers.mixed.reserve(sentences * sentence_stride + stride), sentence_stride};
  buffers.team.split(spec.heads, [&](std::size_t head, std::size_t end, unsigned) {
    for (; head < end; ++head) {
      attention.keys[head].apply(*kernels, {y.data + head * head_size, y.stride}, sentences,
                                 Epilogue::none, {queries.data + head * stride, queries.stride});
    }
  });
  const float scale = 1.0F / std::sqrt(static_cast<float>(head_size));
  for (std::size_t s = 0; s < sentences; ++s) {
    const std::size_t tokens = batch.offsets[s + 1] - batch.offsets[s];
    kernels->attend_states(
        {queries.data + s * queries.stride, stride}, spec.heads,
        {states.data + batch.offsets[s] * states.stride, states.stride}, tokens, hidden, scale,
        buffers.scratch.front().reserve(kernels->attend_states_scratch(spec.heads, tokens)),
        {mixed.data + s * mixed.stride, stride});
  }
  buffers.team.split(spec.heads, [&](std::size_t head, std::size_t end, unsigned) {
    for (; head < end; ++head) {
      attention.values[head].apply(*kernels, {mixed.data + head * stride, mixed.stride}, sentences,
                                   Epilogue::none, {y.data + head * head_size, y.stride});
    }
  });
}

// states = LayerNorm(states + FFN(states))
void Encoder::State::feed_forward(const Layer& layer, std::size_t rows, Rows states,
                                  Workspace::Buffers& buffers) const {
  const std::size_t wide_stride = row_stride(spec.intermediate_size);
  const std::size_t chunk = std::min(rows, kFeedForwardRows);
  const Rows wide{buffers.intermediate.reserve(chunk * wide_stride), wide_stride};
  const Rows narrow{buffers.context.reserve(chunk * stride), stride};
  for (std::size_t row = 0; row < rows; row += kFeedForwardRows) {
    const std::size_t count = std::min(kFeedForwardRows, rows - row);
    const Rows part{states.data + row * states.stride, states.stride};
    layer.intermediate.apply(*kernels, buffers.team, part, count, epilogue_of(spec.activation),
                             wide);
    layer.output.apply(*kernels, buffers.team, wide, count, Epilogue::none, narrow);
    layer.output_norm.apply(*kernels, narrow, part, count, part);
  }
}

// `states` holds the rows of all tokens, or with `first_only` those of the sentences' first ones.
void Encoder::State::read_out(const PackedBatch& batch, const ReadoutPoint& point, ConstRows states,
                              bool first_only, float* out, Workspace::Buffers& buffers) const {
  const std::size_t hidden = spec.hidden_size;
  const auto row = [&](std::size_t token) { return states.data + token * states.stride; };
  if (point.readout == Readout::tokens) {
    for (std::size_t t = 0; t < batch.tokens(); ++t) std::copy_n(row(t), hidden, out + t * hidden);
    return;
  }
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    float* const vector = out + s * hidden;
    const std::size_t first = batch.offsets[s];
    const std::size_t end = batch.offsets[s + 1];
    std::copy_n(row(first_only ? s : first), hidden, vector);
    if (reads_first_token(point.readout)) continue;
    for (std::size_t t = first + 1; t < end; ++t) {
      const float* const state = row(t);
      if (point.readout == Readout::max) {
        for (std::size_t i = 0; i < hidden; ++i) vector[i] = std::max(vector[i], state[i]);
      } else {
        for (std::size_t i = 0; i < hidden; ++i) vector[i] += state[i];
      }
    }
    if (point.readout == Readout::mean) {
      const auto count = static_cast<float>(end - first);
      for (std::size_t i = 0; i < hidden; ++i) vector[i] /= count;
    }
  }
  if (point.readout != Readout::pooler) return;
  const Rows pooled{buffers.context.reserve(batch.sentences() * stride), stride};
  pooler->apply(*kernels, buffers.team, {out, hidden}, batch.sentences(), Epilogue::none, pooled);
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    for (std::size_t i = 0; i < hidden; ++i) {
      out[s * hidden + i] = std::tanh(pooled.data[s * pooled.stride + i]);
    }
  }
}

void Encoder::State::run(const PackedBatch& batch, std::span<float> out,
                         Workspace::Buffers& buffers) const {
  const std::size_t hidden = spec.hidden_size;
  // A vector read of the last row may reach past its end.
  Rows states{buffers.states.reserve((batch.tokens() + 1) * stride), stride};
  Rows next{buffers.next.reserve((batch.tokens() + 1) * stride), stride};
  bool first_only = false;

  const auto read_layer = [&](std::size_t layer) {
    float* block = out.data();
    for (const ReadoutPoint& point : points) {
      if (point.layer == layer) read_out(batch, point, states, first_only, block, buffers);
      block += rows_of(point, batch) * hidden;
    }
  };

  embed(batch, states);
  read_layer(0);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const Layer& layer = layers[l];
    std::size_t rows = batch.tokens();
    const Rows context{buffers.context.reserve(rows * stride + stride), stride};
    if (const auto* attention = std::get_if<FirstTokenAttention>(&layer.attention)) {
      rows = batch.sentences();
      attend_first(*attention, batch, states, next, buffers);
      layer.attention_output.apply(*kernels, buffers.team, next, rows, Epilogue::none, context);
      for (std::size_t s = 0; s < rows; ++s) {
        std::copy_n(states.data + batch.offsets[s] * states.stride, hidden,
                    next.data + s * next.stride);
      }
      layer.attention_norm.apply(*kernels, context, next, rows, next);
      std::swap(states, next);
      first_only = true;
    } else {
      attend(std::get<FullAttention>(layer.attention), batch, states, next, buffers);
      layer.attention_output.apply(*kernels, buffers.team, next, rows, Epilogue::none, context);
      layer.attention_norm.apply(*kernels, context, states, rows, states);
    }
    feed_forward(layer, rows, states, buffers);
    read_layer(l + 1);
  }
}

Encoder::Encoder(const Model& model, std::vector<ReadoutPoint> points,
                 const EncoderOptions& options)
    : state_(std::make_unique<const State>(model, std::move(points), choose_isa(options.isa),
                                           options.precision)) {}
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;
Encoder::~Encoder() = default;

const EncoderSpec& Encoder::spec() const { return state_->spec; }
std::span<const ReadoutPoint> Encoder::points() const { return state_->points; }
Isa Encoder::isa() const { return state_->isa; }
Precision Encoder::precision() const { return state_->precision; }

std::size_t Encoder::output_size(const PackedBatch& batch) const {
  std::size_t rows = 0;
  for (const ReadoutPoint& point : state_->points) rows += rows_of(point, batch);
  return rows * state_->spec.hidden_size;
}

void Encoder::encode(const PackedBatch& batch, std::span<float> out, Workspace& workspace) const {
  state_->check(batch, out);
  if (batch.sentences() > 0) state_->run(batch, out, *workspace.buffers_);
}

}  // namespace normscope

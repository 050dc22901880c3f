#include "encoder/cpu/cpu_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "encoder/cpu/aligned_buffer.h"
#include "encoder/cpu/blocks.h"
#include "encoder/cpu/convolution.h"
#include "encoder/cpu/disentangled_attention.h"
#include "encoder/cpu/kernels.h"
#include "encoder/cpu/relative_bias.h"
#include "encoder/cpu/rotary.h"
#include "model/roles.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// Tokens of a batch. From some 500 on the matrix kernel runs at full speed, and beyond 1000 the
// activations leave the cache.
constexpr std::size_t kBatchTokens = 768;
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

// y += x
void add(ConstRows x, std::size_t rows, std::size_t size, Rows y) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < size; ++i) y.data[r * y.stride + i] += x.data[r * x.stride + i];
  }
}

// y *= x
void multiply(ConstRows x, std::size_t rows, std::size_t size, Rows y) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < size; ++i) y.data[r * y.stride + i] *= x.data[r * x.stride + i];
  }
}

// Which tokens a layer's tokens see.
struct Sight {
  std::size_t reach = kAnyReach;
  DistanceBias bias = {};
  const RotaryTable* rotary = nullptr;  // null: positions are not rotary
};

// How many of a sentence's tokens its first one sees.
std::size_t tokens_seen_first(const PackedBatch& batch, std::size_t sentence, const Sight& sight) {
  const std::size_t last = batch.offsets[sentence + 1] - batch.offsets[sentence] - 1;
  return std::min(last, sight.reach) + 1;
}

struct Buffers final : Backend::Workspace {
  explicit Buffers(unsigned threads) : team(threads), scratch(threads) {}

  Team team;
  AlignedBuffer states, next, normed, qkv, context, intermediate, gate, queries, mixed, convolved,
      convolution_rows;
  std::vector<AlignedBuffer> scratch;  // each member's own
};

class CpuBackend final : public Backend {
 public:
  CpuBackend(const Model& model, std::span<const LayerWanted> wanted, bool pooler, Isa isa,
             Precision precision);

  [[nodiscard]] std::string_view device() const override { return name(isa_); }
  [[nodiscard]] std::size_t batch_tokens() const override { return kBatchTokens; }
  [[nodiscard]] std::unique_ptr<Workspace> workspace(unsigned threads) const override {
    return std::make_unique<Buffers>(threads);
  }
  void run(const PackedBatch& batch, Workspace& workspace, const Reader& read) const override;
  void pool(std::span<float> vectors, Workspace& workspace) const override;

 private:
  [[nodiscard]] Sight sight(std::size_t layer) const;
  void embed(const PackedBatch& batch, Rows states, Buffers& buffers) const;
  void attend(const FullAttention& attention, const Sight& sight, const PackedBatch& batch,
              ConstRows states, Rows y, Buffers& buffers) const;
  void attend_first(const FirstTokenAttention& attention, const Sight& sight,
                    const PackedBatch& batch, ConstRows states, Rows y, Buffers& buffers) const;
  [[nodiscard]] ConstRows rotated_keys(const Linear& key, const Sight& sight,
                                       const PackedBatch& batch, ConstRows states,
                                       Buffers& buffers) const;
  void feed_forward(const Layer& layer, std::size_t rows, Rows states, Buffers& buffers) const;

  EncoderSpec spec_;
  Isa isa_;
  const Kernels* kernels_;
  WeightStorage storage_;
  Embeddings embeddings_;
  std::optional<RelativeBias> relative_bias_;
  std::optional<RotaryTable> rotary_, local_rotary_;
  std::size_t layers_ = 0;     // up to the highest one wanted
  bool first_only_ = false;    // whether that one is computed for the first tokens only
  std::vector<Layer> blocks_;  // by stored layer
  std::optional<PositionVectors> positions_;
  std::vector<DisentangledAttention> disentangled_;  // by stored layer, if there are positions
  std::optional<Convolution> convolution_;
  std::vector<bool> wanted_;  // by layer
  std::optional<LayerNorm> final_norm_;
  std::optional<Linear> pooler_;
  std::size_t stride_;  // between the rows of a [., hidden_size] buffer
};

CpuBackend::CpuBackend(const Model& model, std::span<const LayerWanted> wanted, bool pooler,
                       Isa isa, Precision precision)
    : spec_(model.spec),
      isa_(isa),
      kernels_(&choose_kernels(isa, precision)),
      embeddings_(*kernels_, storage_, model),
      wanted_(spec_.layers + 1),
      stride_(row_stride(spec_.hidden_size)) {
  for (const LayerWanted& layer : wanted) {
    wanted_[layer.layer] = true;
    layers_ = std::max(layers_, layer.layer);
  }
  first_only_ = std::ranges::none_of(
      wanted, [&](const LayerWanted& layer) { return layer.layer == layers_ && layer.all_tokens; });
  std::vector<LayerUse> uses;
  for (std::size_t l = 0; l < layers_; ++l) {
    uses.resize(stored_layer(l, spec_) + 1);
    const bool first_only = first_only_ && l + 1 == layers_;
    (first_only ? uses.back().first_only : uses.back().all_tokens) = true;
  }
  if (spec_.convolution_width > 0 && layers_ > 0) convolution_.emplace(*kernels_, storage_, model);
  if (spec_.relative_positions) positions_.emplace(*kernels_, model);
  blocks_.reserve(uses.size());
  disentangled_.reserve(positions_ ? uses.size() : 0);
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (positions_) {
      disentangled_.emplace_back(*kernels_, storage_, model, i, *positions_);
      uses[i] = {};
    }
    blocks_.emplace_back(*kernels_, storage_, model, i, uses[i]);
  }
  if (spec_.relative_buckets > 0) relative_bias_.emplace(model);
  if (spec_.rotary_base > 0) {
    const auto table = [&](double base) {
      const std::size_t head_size = spec_.hidden_size / spec_.heads;
      return RotaryTable(rotary_frequencies(base, spec_.rotary_divisor, head_size),
                         spec_.max_positions);
    };
    rotary_ = table(spec_.rotary_base);
    if (!spec_.local_layers.empty()) local_rotary_ = table(spec_.local_rotary_base);
  }
  if (spec_.norms == NormPlace::before) {
    final_norm_.emplace(model.weights.at(Role::final_norm), spec_.layer_norm_epsilon);
  }
  if (!pooler) return;
  const std::array<const Weight*, 1> maps{&model.weights.at(Role::pooler)};
  pooler_.emplace(*kernels_, storage_, maps);
}

Sight CpuBackend::sight(std::size_t layer) const {
  const bool local = is_local(layer, spec_);
  Sight sight;
  if (local) sight.reach = spec_.local_reach;
  if (relative_bias_) sight.bias = relative_bias_->view();
  if (rotary_) sight.rotary = local ? &*local_rotary_ : &*rotary_;
  return sight;
}

void CpuBackend::embed(const PackedBatch& batch, Rows states, Buffers& buffers) const {
  const Linear* const projection = embeddings_.projection();
  Rows sums = states;
  if (projection != nullptr) {
    const std::size_t stride = row_stride(embeddings_.width());
    sums = {buffers.context.reserve(batch.tokens() * stride), stride};
  }
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    const std::size_t first = batch.offsets[s];
    embeddings_.write(batch.ids.subspan(first, batch.offsets[s + 1] - first),
                      {sums.data + first * sums.stride, sums.stride});
  }
  const auto norm = [&](Rows rows) {
    embeddings_.norm().apply(*kernels_, rows, {}, batch.tokens(), rows);
  };
  if (!spec_.projection_first) norm(sums);
  if (projection != nullptr) {
    projection->apply(*kernels_, buffers.team, sums, batch.tokens(), Epilogue::none, states);
  }
  if (spec_.projection_first) norm(states);
}

// y = self-attention of all tokens, before its output projection.
void CpuBackend::attend(const FullAttention& attention, const Sight& sight,
                        const PackedBatch& batch, ConstRows states, Rows y,
                        Buffers& buffers) const {
  const std::size_t width = 3 * spec_.hidden_size;
  const std::size_t qkv_stride = row_stride(width);
  // A vector read of the last value row may reach past its end.
  const Rows qkv{buffers.qkv.reserve((batch.tokens() + 1) * qkv_stride), qkv_stride};
  attention.query_key_value.apply(*kernels_, buffers.team, states, batch.tokens(), Epilogue::none,
                                  qkv);
  const std::size_t heads = spec_.heads;
  const auto shape_of = [&](std::size_t sentence) {
    return AttentionShape{.tokens = batch.offsets[sentence + 1] - batch.offsets[sentence],
                          .heads = heads,
                          .head_size = spec_.hidden_size / heads,
                          .first_head = 0,
                          .end_head = heads,
                          .bias = sight.bias,
                          .reach = sight.reach};
  };
  std::size_t scratch = 0;
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    scratch = std::max(scratch, kernels_->attention_scratch(shape_of(s)));
  }
  for (AlignedBuffer& own : buffers.scratch) own.reserve(scratch);
  const auto attend_heads = [&](std::size_t s, std::size_t first, std::size_t end,
                                unsigned member) {
    AttentionShape shape = shape_of(s);
    shape.first_head = first;
    shape.end_head = end;
    const std::size_t row = batch.offsets[s];
    const Rows part{qkv.data + row * qkv.stride, qkv.stride};
    if (sight.rotary != nullptr) {
      float* const queries = part.data + first * shape.head_size;
      for (float* const x : {queries, queries + spec_.hidden_size}) {  // and their keys
        kernels_->rotate(sight.rotary->view(), shape.tokens, end - first, shape.head_size,
                         {x, part.stride});
      }
    }
    kernels_->attention(part, shape, buffers.scratch[member].data(),
                        {y.data + row * y.stride, y.stride});
  };
  // A piece of work is a head of a sentence.
  buffers.team.split(batch.sentences() * heads,
                     [&](std::size_t first, std::size_t end, unsigned member) {
                       while (first < end) {
                         const std::size_t head = first % heads;
                         const std::size_t end_head = std::min(heads, head + end - first);
                         attend_heads(first / heads, head, end_head, member);
                         first += end_head - head;
                       }
                     });
}

// The keys of the tokens that each sentence's first one sees, turned by their positions; the rows
// of other tokens hold nothing.
ConstRows CpuBackend::rotated_keys(const Linear& key, const Sight& sight, const PackedBatch& batch,
                                   ConstRows states, Buffers& buffers) const {
  const Rows keys{buffers.qkv.reserve(batch.tokens() * stride_), stride_};
  const auto map = [&](std::size_t first, std::size_t rows) {
    key.apply(*kernels_, buffers.team, {states.data + first * states.stride, states.stride}, rows,
              Epilogue::none, {keys.data + first * keys.stride, keys.stride});
  };
  if (sight.reach == kAnyReach) map(0, batch.tokens());
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    const std::size_t first = batch.offsets[s];
    const std::size_t seen = tokens_seen_first(batch, s, sight);
    if (sight.reach != kAnyReach) map(first, seen);
    kernels_->rotate(sight.rotary->view(), seen, spec_.heads, spec_.hidden_size / spec_.heads,
                     {keys.data + first * keys.stride, keys.stride});
  }
  return keys;
}

// y = self-attention of each sentence's first token, before its output projection. The weighted
// mean of values is W_v (weighted mean of h) + b_v, so no token needs values. With one query a
// head, q · (W_k h + b_k) = (W_kᵀ q) · h + const, and the softmax does not see the constant, so no
// token needs keys either, unless positions are rotary, because then each key is turned by a
// different angle. (The first token's query is not turned: its position is 0.)
void CpuBackend::attend_first(const FirstTokenAttention& attention, const Sight& sight,
                              const PackedBatch& batch, ConstRows states, Rows y,
                              Buffers& buffers) const {
  const std::size_t sentences = batch.sentences();
  const std::size_t hidden = spec_.hidden_size;
  const std::size_t head_size = hidden / spec_.heads;
  const Rows first{buffers.context.reserve(sentences * stride_), stride_};
  for (std::size_t s = 0; s < sentences; ++s) {
    std::copy_n(states.data + batch.offsets[s] * states.stride, hidden,
                first.data + s * first.stride);
  }
  attention.query.apply(*kernels_, buffers.team, first, sentences, Epilogue::none, y);

  const std::size_t sentence_stride = spec_.heads * stride_;
  // A vector read of the last row may reach past its end.
  const Rows mixed{buffers.mixed.reserve(sentences * sentence_stride + stride_), sentence_stride};
  // The queries of a sentence's heads, `step` floats apart, and what they are multiplied with.
  Rows queries = y;
  std::size_t step = head_size;
  ConstRows keys = states;
  if (attention.key) {
    keys = rotated_keys(*attention.key, sight, batch, states, buffers);
  } else {
    queries = {buffers.queries.reserve(sentences * sentence_stride), sentence_stride};
    step = stride_;
    buffers.team.split(spec_.heads, [&](std::size_t head, std::size_t end, unsigned) {
      for (; head < end; ++head) {
        attention.keys[head].apply(*kernels_, {y.data + head * head_size, y.stride}, sentences,
                                   Epilogue::none, {queries.data + head * step, queries.stride});
      }
    });
  }
  const float scale = 1.0F / std::sqrt(static_cast<float>(head_size));
  for (std::size_t s = 0; s < sentences; ++s) {
    const FirstTokenShape shape{.tokens = tokens_seen_first(batch, s, sight),
                                .heads = spec_.heads,
                                .hidden = hidden,
                                .key_size = attention.key ? head_size : hidden,
                                .key_step = attention.key ? head_size : 0,
                                .scale = scale,
                                .bias = sight.bias};
    const std::size_t row = batch.offsets[s];
    kernels_->attend_states({queries.data + s * queries.stride, step},
                            {keys.data + row * keys.stride, keys.stride},
                            {states.data + row * states.stride, states.stride}, shape,
                            buffers.scratch.front().reserve(kernels_->attend_states_scratch(shape)),
                            {mixed.data + s * mixed.stride, stride_});
  }
  buffers.team.split(spec_.heads, [&](std::size_t head, std::size_t end, unsigned) {
    for (; head < end; ++head) {
      attention.values[head].apply(*kernels_, {mixed.data + head * stride_, mixed.stride},
                                   sentences, Epilogue::none,
                                   {y.data + head * head_size, y.stride});
    }
  });
}

// The layer's second half: the feed-forward block with its residual and LayerNorm.
void CpuBackend::feed_forward(const Layer& layer, std::size_t rows, Rows states,
                              Buffers& buffers) const {
  const bool norm_first = spec_.norms == NormPlace::before;
  const std::size_t wide_stride = row_stride(spec_.intermediate_size);
  const std::size_t chunk = std::min(rows, kFeedForwardRows);
  const Rows wide{buffers.intermediate.reserve(chunk * wide_stride), wide_stride};
  const Rows narrow{buffers.context.reserve(chunk * stride_), stride_};
  for (std::size_t row = 0; row < rows; row += kFeedForwardRows) {
    const std::size_t count = std::min(kFeedForwardRows, rows - row);
    const Rows part{states.data + row * states.stride, states.stride};
    Rows input = part;
    if (norm_first) {
      input = {buffers.normed.reserve(chunk * stride_), stride_};
      layer.output_norm.apply(*kernels_, part, {}, count, input);
    }
    layer.intermediate.apply(*kernels_, buffers.team, input, count, epilogue_of(spec_.activation),
                             wide);
    if (layer.gate) {
      const Rows gate{buffers.gate.reserve(chunk * wide_stride), wide_stride};
      layer.gate->apply(*kernels_, buffers.team, input, count, Epilogue::none, gate);
      multiply(gate, count, spec_.intermediate_size, wide);
    }
    layer.output.apply(*kernels_, buffers.team, wide, count, Epilogue::none, narrow);
    if (norm_first) {
      add(narrow, count, spec_.hidden_size, part);
    } else {
      layer.output_norm.apply(*kernels_, narrow, part, count, part);
    }
  }
}

void CpuBackend::run(const PackedBatch& batch, Workspace& workspace, const Reader& read) const {
  auto& buffers = dynamic_cast<Buffers&>(workspace);
  const std::size_t hidden = spec_.hidden_size;
  // A vector read of the last row may reach past its end.
  Rows states{buffers.states.reserve((batch.tokens() + 1) * stride_), stride_};
  Rows next{buffers.next.reserve((batch.tokens() + 1) * stride_), stride_};

  embed(batch, states, buffers);
  if (wanted_[0]) read(0, {.data = states.data, .stride = stride_, .first_only = false});
  Rows convolved;
  if (convolution_) {
    convolved = {buffers.convolved.reserve(batch.tokens() * stride_), stride_};
    convolution_->apply(*kernels_, buffers.team, batch, states, first_only_ && layers_ == 1,
                        buffers.convolution_rows, convolved);
  }
  for (std::size_t l = 0; l < layers_; ++l) {
    const Layer& layer = blocks_[stored_layer(l, spec_)];
    const bool first_only = first_only_ && l + 1 == layers_;
    std::size_t rows = batch.tokens();
    const Rows context{buffers.context.reserve(rows * stride_ + stride_), stride_};
    const bool norm_first = spec_.norms == NormPlace::before;
    Rows input = states;
    if (norm_first && layer.attention_norm) {
      input = {buffers.normed.reserve((rows + 1) * stride_), stride_};
      layer.attention_norm->apply(*kernels_, states, {}, rows, input);
    }
    if (first_only) rows = batch.sentences();
    if (positions_) {
      disentangled_[stored_layer(l, spec_)].apply(*kernels_, buffers.team, batch, input, first_only,
                                                  buffers.qkv, buffers.scratch, next);
    } else if (first_only) {
      attend_first(*layer.first_attention, sight(l), batch, input, next, buffers);
    } else {
      attend(*layer.attention, sight(l), batch, input, next, buffers);
    }
    layer.attention_output.apply(*kernels_, buffers.team, next, rows, Epilogue::none, context);
    if (first_only) {
      for (std::size_t s = 0; s < rows; ++s) {
        std::copy_n(states.data + batch.offsets[s] * states.stride, hidden,
                    next.data + s * next.stride);
      }
      std::swap(states, next);
    }
    if (norm_first) {
      add(context, rows, hidden, states);
    } else {
      layer.attention_norm->apply(*kernels_, context, states, rows, states);
    }
    feed_forward(layer, rows, states, buffers);
    if (convolution_ && l == 0) {
      convolution_->norm().apply(*kernels_, convolved, states, rows, states);
    }
    if (final_norm_ && l + 1 == spec_.layers) {
      final_norm_->apply(*kernels_, states, {}, rows, states);
    }
    if (wanted_[l + 1]) {
      read(l + 1, {.data = states.data, .stride = stride_, .first_only = first_only});
    }
  }
}

void CpuBackend::pool(std::span<float> vectors, Workspace& workspace) const {
  auto& buffers = dynamic_cast<Buffers&>(workspace);
  const std::size_t hidden = spec_.hidden_size;
  const std::size_t count = vectors.size() / hidden;
  const Rows pooled{buffers.context.reserve(count * stride_), stride_};
  pooler_->apply(*kernels_, buffers.team, {vectors.data(), hidden}, count, Epilogue::none, pooled);
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t i = 0; i < hidden; ++i) {
      vectors[s * hidden + i] = std::tanh(pooled.data[s * pooled.stride + i]);
    }
  }
}

}  // namespace

std::unique_ptr<const Backend> make_cpu_backend(const Model& model,
                                                std::span<const LayerWanted> wanted, bool pooler,
                                                const CpuOptions& options, Precision precision) {
  return std::make_unique<const CpuBackend>(model, wanted, pooler, choose_isa(options.isa),
                                            precision);
}

}  // namespace normscope

#include "encoder/cpu/cpu_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <variant>
#include <vector>

#include "encoder/cpu/aligned_buffer.h"
#include "encoder/cpu/blocks.h"
#include "encoder/cpu/kernels.h"
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

struct Buffers final : Backend::Workspace {
  explicit Buffers(unsigned threads) : team(threads), scratch(threads) {}

  Team team;
  AlignedBuffer states, next, normed, qkv, context, intermediate, gate, queries, mixed;
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
  void embed(const PackedBatch& batch, Rows states) const;
  void attend(const FullAttention& attention, const PackedBatch& batch, ConstRows states, Rows y,
              Buffers& buffers) const;
  void attend_first(const FirstTokenAttention& attention, const PackedBatch& batch,
                    ConstRows states, Rows y, Buffers& buffers) const;
  void feed_forward(const Layer& layer, std::size_t rows, Rows states, Buffers& buffers) const;

  EncoderSpec spec_;
  Isa isa_;
  const Kernels* kernels_;
  Embeddings embeddings_;
  WeightStorage storage_;
  std::vector<Layer> layers_;
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
      embeddings_(model),
      wanted_(spec_.layers + 1),
      stride_(row_stride(spec_.hidden_size)) {
  std::size_t highest = 0;
  for (const LayerWanted& layer : wanted) {
    wanted_[layer.layer] = true;
    highest = std::max(highest, layer.layer);
  }
  const bool only_first = std::ranges::none_of(
      wanted, [&](const LayerWanted& layer) { return layer.layer == highest && layer.all_tokens; });
  layers_.reserve(highest);
  for (std::size_t i = 0; i < highest; ++i) {
    layers_.emplace_back(*kernels_, storage_, model, i, only_first && i + 1 == highest);
  }
  if (spec_.norms == NormPlace::before) {
    final_norm_.emplace(model.weights.at(Role::final_norm), spec_.layer_norm_epsilon);
  }
  if (!pooler) return;
  const std::array<const Weight*, 1> maps{&model.weights.at(Role::pooler)};
  pooler_.emplace(*kernels_, storage_, maps);
}

void CpuBackend::embed(const PackedBatch& batch, Rows states) const {
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    for (std::size_t t = batch.offsets[s]; t < batch.offsets[s + 1]; ++t) {
      embeddings_.write(batch.ids[t], t - batch.offsets[s],
                        {states.data + t * states.stride, spec_.hidden_size});
    }
  }
  embeddings_.norm().apply(*kernels_, states, {}, batch.tokens(), states);
}

// y = self-attention of all tokens, before its output projection.
void CpuBackend::attend(const FullAttention& attention, const PackedBatch& batch, ConstRows states,
                        Rows y, Buffers& buffers) const {
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
                          .end_head = heads};
  };
  std::size_t scratch = 0;
  for (std::size_t s = 0; s < batch.sentences(); ++s) {
    scratch = std::max(scratch, kernels_->attention_scratch(shape_of(s)));
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
          kernels_->attention({qkv.data + row * qkv.stride, qkv.stride}, shape,
                              buffers.scratch[member].data(), {y.data + row * y.stride, y.stride});
          first += shape.end_head - shape.first_head;
        }
      });
}

// y = self-attention of each sentence's first token, before its output projection. With one query
// a head, q · (W_k h + b_k) = (W_kᵀ q) · h + const, and the softmax does not see the constant; the
// weighted mean of values is W_v (weighted mean of h) + b_v. So no token needs keys or values.
void CpuBackend::attend_first(const FirstTokenAttention& attention, const PackedBatch& batch,
                              ConstRows states, Rows y, Buffers& buffers) const {
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
  const Rows queries{buffers.queries.reserve(sentences * sentence_stride), sentence_stride};
  // A vector read of the last row may reach past its end.
  const Rows mixed{buffers.mixed.reserve(sentences * sentence_stride + stride_), sentence_stride};
  buffers.team.split(spec_.heads, [&](std::size_t head, std::size_t end, unsigned) {
    for (; head < end; ++head) {
      attention.keys[head].apply(*kernels_, {y.data + head * head_size, y.stride}, sentences,
                                 Epilogue::none, {queries.data + head * stride_, queries.stride});
    }
  });
  const float scale = 1.0F / std::sqrt(static_cast<float>(head_size));
  for (std::size_t s = 0; s < sentences; ++s) {
    const std::size_t tokens = batch.offsets[s + 1] - batch.offsets[s];
    kernels_->attend_states(
        {queries.data + s * queries.stride, stride_}, spec_.heads,
        {states.data + batch.offsets[s] * states.stride, states.stride}, tokens, hidden, scale,
        buffers.scratch.front().reserve(kernels_->attend_states_scratch(spec_.heads, tokens)),
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

  embed(batch, states);
  if (wanted_[0]) read(0, {.data = states.data, .stride = stride_, .first_only = false});
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    std::size_t rows = batch.tokens();
    const Rows context{buffers.context.reserve(rows * stride_ + stride_), stride_};
    Rows input = states;
    if (spec_.norms == NormPlace::before) {
      input = {buffers.normed.reserve((rows + 1) * stride_), stride_};
      layer.attention_norm.apply(*kernels_, states, {}, rows, input);
    }
    const auto* const first = std::get_if<FirstTokenAttention>(&layer.attention);
    if (first != nullptr) {
      rows = batch.sentences();
      attend_first(*first, batch, input, next, buffers);
    } else {
      attend(std::get<FullAttention>(layer.attention), batch, input, next, buffers);
    }
    layer.attention_output.apply(*kernels_, buffers.team, next, rows, Epilogue::none, context);
    if (first != nullptr) {
      for (std::size_t s = 0; s < rows; ++s) {
        std::copy_n(states.data + batch.offsets[s] * states.stride, hidden,
                    next.data + s * next.stride);
      }
      std::swap(states, next);
    }
    if (spec_.norms == NormPlace::before) {
      add(context, rows, hidden, states);
    } else {
      layer.attention_norm.apply(*kernels_, context, states, rows, states);
    }
    feed_forward(layer, rows, states, buffers);
    if (final_norm_ && l + 1 == spec_.layers) {
      final_norm_->apply(*kernels_, states, {}, rows, states);
    }
    if (wanted_[l + 1]) {
      read(l + 1, {.data = states.data, .stride = stride_, .first_only = first != nullptr});
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

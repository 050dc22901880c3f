// Micro-benchmarks of the encoder's inner loops and of the tokenizer, one thread each. Every
// instruction set and precision of this CPU gets its own; `GFLOP/s` counts a multiply-add as two,
// `of_peak` is its share of what the multiply-add instructions reach here (peak.h).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "base/cache_folder.h"
#include "encoder/cpu/aligned_buffer.h"
#include "encoder/cpu/kernels.h"
#include "normscope/encoder.h"
#include "normscope/tokenizer.h"
#include "peak.h"

namespace normscope::bench {
namespace {

// Rows of a batch as measure() packs them, and of the feed-forward block's slices.
constexpr std::size_t kBatchRows = 768;
constexpr std::size_t kFeedForwardRows = 224;

struct Target {
  Isa isa;
  Precision precision;
  const Kernels* kernels;
  double peak;

  [[nodiscard]] std::string label() const {
    return fmt::format("{}/{}", name(isa), name(precision));
  }
};

AlignedBuffer normals(std::size_t size) {
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  AlignedBuffer buffer(size);
  std::generate_n(buffer.data(), size, [&] { return normal(generator); });
  return buffer;
}

void count_operations(benchmark::State& state, const Target& target, double operations) {
  const double total = operations * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = benchmark::Counter(total / 1e9, benchmark::Counter::kIsRate);
  state.counters["of_peak"] = benchmark::Counter(total / target.peak, benchmark::Counter::kIsRate);
}

struct LinearShape {
  const char* what;
  std::size_t rows, in, out;
  Epilogue epilogue;
};

void linear(benchmark::State& state, const Target& target, const LinearShape& shape) {
  const Kernels& kernels = *target.kernels;
  const AlignedBuffer weight = normals(shape.in * shape.out);
  AlignedBuffer panels(kernels.packed_size(shape.in, shape.out));
  kernels.pack(weight.data(), shape.in, shape.in, shape.out, panels.data());
  const PackedMatrix packed{.data = panels.data(), .in = shape.in, .out = shape.out};
  const AlignedBuffer bias = normals(shape.out);
  // A vector read of the last row may reach past its end.
  const AlignedBuffer x = normals((shape.rows + 1) * row_stride(shape.in));
  AlignedBuffer y(shape.rows * row_stride(shape.out));
  for ([[maybe_unused]] auto _ : state) {
    kernels.linear({x.data(), row_stride(shape.in)}, shape.rows, packed, bias.data(),
                   shape.epilogue, {y.data(), row_stride(shape.out)});
    benchmark::ClobberMemory();
  }
  count_operations(state, target,
                   2.0 * static_cast<double>(shape.rows) * static_cast<double>(shape.in) *
                       static_cast<double>(shape.out));
}

struct Model {
  const char* name;
  std::size_t hidden, heads, intermediate;
};
constexpr Model kModels[] = {{"minilm", 384, 12, 1536}, {"bert-base", 768, 12, 3072}};

void attention(benchmark::State& state, const Target& target, const Model& model,
               std::size_t tokens) {
  const Kernels& kernels = *target.kernels;
  const AttentionShape shape{
      .tokens = tokens, .heads = model.heads, .head_size = model.hidden / model.heads};
  const std::size_t stride = row_stride(3 * model.hidden);
  const AlignedBuffer qkv = normals((tokens + 1) * stride);
  AlignedBuffer scratch(kernels.attention_scratch(shape));
  AlignedBuffer context((tokens + 1) * row_stride(model.hidden));
  for ([[maybe_unused]] auto _ : state) {
    kernels.attention({qkv.data(), stride}, shape, scratch.data(),
                      {context.data(), row_stride(model.hidden)});
    benchmark::ClobberMemory();
  }
  // Scores and weighted sums; the softmax is not counted.
  count_operations(state, target,
                   4.0 * static_cast<double>(tokens * tokens) * static_cast<double>(model.hidden));
}

// Bound by memory, so bytes tell more than operations: three rows of floats in, one out.
void add_layer_norm(benchmark::State& state, const Target& target, const Model& model) {
  const std::size_t stride = row_stride(model.hidden);
  const AlignedBuffer x = normals(kFeedForwardRows * stride);
  const AlignedBuffer residual = normals(kFeedForwardRows * stride);
  const AlignedBuffer weight = normals(model.hidden);
  const AlignedBuffer bias = normals(model.hidden);
  AlignedBuffer y(kFeedForwardRows * stride);
  for ([[maybe_unused]] auto _ : state) {
    target.kernels->add_layer_norm({x.data(), stride}, residual.data(), stride, kFeedForwardRows,
                                   model.hidden, weight.data(), bias.data(), 1e-12F,
                                   {y.data(), stride});
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(3 * kFeedForwardRows * model.hidden * 4));
  // Sum, two passes for mean and variance, and the scaling: about nine operations an element.
  count_operations(state, target, 9.0 * static_cast<double>(kFeedForwardRows * model.hidden));
}

void register_kernels(const Target& target) {
  const auto add = [&](const std::string& name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark(fmt::format("{}/{}", name, target.label()).c_str(), function,
                                 target, arguments...);
  };
  for (const Model& m : kModels) {
    const LinearShape shapes[] = {
        {"query_key_value", kBatchRows, m.hidden, 3 * m.hidden, Epilogue::none},
        {"attention_output", kBatchRows, m.hidden, m.hidden, Epilogue::none},
        {"intermediate", kFeedForwardRows, m.hidden, m.intermediate, Epilogue::none},
        {"intermediate_gelu", kFeedForwardRows, m.hidden, m.intermediate, Epilogue::gelu},
        {"output", kFeedForwardRows, m.intermediate, m.hidden, Epilogue::none},
        {"one_sentence", 22, m.hidden, m.intermediate, Epilogue::none},
    };
    for (const LinearShape& shape : shapes) {
      add(fmt::format("linear/{}/{}/{}x{}x{}", m.name, shape.what, shape.rows, shape.in, shape.out),
          linear, shape);
    }
    // Everything else is fp32 in every precision.
    if (target.precision != Precision::fp32) continue;
    for (const std::size_t tokens : {16, 32, 128, 512}) {
      add(fmt::format("attention/{}/{}_tokens", m.name, tokens), attention, m, tokens);
    }
    add(fmt::format("add_layer_norm/{}", m.name), add_layer_norm, m);
  }
}

void tokenizer(benchmark::State& state, const std::filesystem::path& model,
               const std::vector<std::string>& lines) {
  const Tokenizer tokenizer = Tokenizer::from_folder(model);
  std::size_t ids = 0;
  std::size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (const std::string& line : lines) {
      ids += tokenizer.encode(line, 512).ids.size();
      bytes += line.size();
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["ids"] = benchmark::Counter(static_cast<double>(ids), benchmark::Counter::kIsRate);
}

// The default corpus' paragraphs, line by line: about what sentences are.
std::vector<std::string> austen() {
  std::vector<std::string> lines;
  const std::filesystem::path folder = cache_folder() / "corpora" / "austen";
  if (!std::filesystem::is_directory(folder)) return lines;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (!line.empty()) lines.push_back(line);
    }
  }
  return lines;
}

void register_all() {
  for (const Isa isa : available_isas()) {
    for (const Precision precision : {Precision::fp32, Precision::bf16}) {
      const Kernels* kernels = kernels_for(isa, precision);
      if (kernels == nullptr) continue;
      register_kernels({isa, precision, kernels, measure_peak(isa, precision, 1)});
    }
  }
  const std::filesystem::path model = cache_folder() / "models" / "all-MiniLM-L6-v2";
  const std::vector<std::string> lines = austen();
  if (std::filesystem::is_directory(model) && !lines.empty()) {
    benchmark::RegisterBenchmark("tokenizer/austen", tokenizer, model, lines);
  } else {
    fmt::print(stderr, "no tokenizer benchmark: scripts/fetch-data has not run\n");
  }
}

}  // namespace
}  // namespace normscope::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  normscope::bench::register_all();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}

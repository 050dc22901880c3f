#include "peak.h"

#include <immintrin.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <thread>
#include <vector>

namespace normscope::bench {
namespace {

// More independent sums than the latency of a multiply-add times the number issued each cycle, and
// few enough for the registers. The empty asm keeps each sum in its register and makes the
// compiler's rounding and reordering none of our concern.
constexpr int kSums = 12;
constexpr long kSteps = 2'000'000;
constexpr int kTries = 5;

// Multiply-adds of each are kSums * kSteps * lanes.
__attribute__((target("avx2,fma"))) void fp32_avx2() {
  __m256 sums[kSums] = {};
  const __m256 factor = _mm256_set1_ps(0.5F);
  for (long step = 0; step < kSteps; ++step) {
#pragma GCC unroll 12
    for (int i = 0; i < kSums; ++i) {  // NOLINT(modernize-loop-convert): to be unrolled
      sums[i] = _mm256_fmadd_ps(sums[i], factor, factor);
      asm volatile("" : "+x"(sums[i]));
    }
  }
}

__attribute__((target("avx512f"))) void fp32_avx512() {
  __m512 sums[kSums] = {};
  const __m512 factor = _mm512_set1_ps(0.5F);
  for (long step = 0; step < kSteps; ++step) {
#pragma GCC unroll 12
    for (int i = 0; i < kSums; ++i) {  // NOLINT(modernize-loop-convert): to be unrolled
      sums[i] = _mm512_fmadd_ps(sums[i], factor, factor);
      asm volatile("" : "+v"(sums[i]));
    }
  }
}

__attribute__((target("avx512f,avx512bf16"))) void bf16_avx512() {
  __m512 sums[kSums] = {};
  const __m512 half = _mm512_set1_ps(0.5F);
  const __m512bh factor = _mm512_cvtne2ps_pbh(half, half);
  for (long step = 0; step < kSteps; ++step) {
#pragma GCC unroll 12
    for (int i = 0; i < kSums; ++i) {  // NOLINT(modernize-loop-convert): to be unrolled
      sums[i] = _mm512_dpbf16_ps(sums[i], factor, factor);
      asm volatile("" : "+v"(sums[i]));
    }
  }
}

struct Loop {
  void (*run)();
  double multiply_adds;  // of a step, for each sum
};

Loop loop_for(Isa isa, Precision precision) {
  if (precision == Precision::bf16) return {bf16_avx512, 32};
  if (isa == Isa::avx512) return {fp32_avx512, 16};
  return {fp32_avx2, 8};
}

}  // namespace

bool has_bf16() { return __builtin_cpu_supports("avx512bf16") != 0; }

double measure_peak(Isa isa, Precision precision, unsigned threads) {
  using Clock = std::chrono::steady_clock;
  const Loop loop = loop_for(isa, precision);
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    std::barrier start(threads);
    std::vector<Clock::time_point> begins(threads);
    std::vector<Clock::time_point> ends(threads);
    {
      std::vector<std::jthread> running;
      for (unsigned t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
          start.arrive_and_wait();
          begins[t] = Clock::now();
          loop.run();
          ends[t] = Clock::now();
        });
      }
    }
    const std::chrono::duration<double> taken = *std::max_element(ends.begin(), ends.end()) -
                                                *std::min_element(begins.begin(), begins.end());
    best = std::max(best, 2 * loop.multiply_adds * kSums * kSteps * threads / taken.count());
  }
  return best;
}

}  // namespace normscope::bench

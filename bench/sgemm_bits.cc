// Does oneDNN's sgemm give a row the same bits whatever the number of rows? Prints how many of the
// batch sizes 1 to 300 give other bits than one of 1024. DNNL_MAX_CPU_ISA=AVX2 holds it to AVX2.
#include <dnnl.h>

#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

int main() {
  constexpr int kDepth = 384;
  constexpr int kColumns = 1152;
  constexpr int kMostRows = 1024;
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  std::vector<float> a(kMostRows * kDepth);
  std::vector<float> b(kDepth * kColumns);
  for (float& x : a) x = normal(generator);
  for (float& x : b) x = normal(generator);
  const auto product = [&](int rows) {
    std::vector<float> c(static_cast<std::size_t>(rows) * kColumns);
    dnnl_sgemm('N', 'N', rows, kColumns, kDepth, 1.0F, a.data(), kDepth, b.data(), kColumns, 0.0F,
               c.data(), kColumns);
    return c;
  };
  const std::vector<float> expected = product(kMostRows);
  int different = 0;
  for (int rows = 1; rows <= 300; ++rows) {
    const std::vector<float> c = product(rows);
    different += std::memcmp(c.data(), expected.data(), c.size() * sizeof(float)) != 0 ? 1 : 0;
  }
  std::printf("%d of 300 batch sizes give other bits\n", different);
}

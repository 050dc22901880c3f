#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "normscope/model.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

// All 65,536 values of a 16-bit type as floats.
std::vector<float> read_all(DataType type) {
  std::vector<std::uint16_t> stored(65'536);
  for (std::size_t i = 0; i < stored.size(); ++i) stored[i] = static_cast<std::uint16_t>(i);
  const TensorView view{type, {256, 256}, std::as_bytes(std::span(stored)).data()};
  std::vector<float> values(view.size());
  view.read(0, values);
  return values;
}

TEST(TensorView, WidensEveryF16Exactly) {
  const std::vector<float> values = read_all(DataType::f16);
  for (unsigned bits = 0; bits < 65'536; ++bits) {
    const float value = values[bits];
    const int exponent = static_cast<int>(bits >> 10 & 31U);
    const int fraction = static_cast<int>(bits & 1023U);
    ASSERT_EQ(std::signbit(value), bits >> 15 == 1) << bits;
    if (exponent == 31 && fraction != 0) {
      ASSERT_TRUE(std::isnan(value)) << bits;
    } else if (exponent == 31) {
      ASSERT_TRUE(std::isinf(value)) << bits;
    } else {
      const double magnitude =
          exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
      ASSERT_EQ(std::abs(double{value}), magnitude) << bits;
    }
  }
}

TEST(TensorView, WidensEveryBf16Exactly) {
  const std::vector<float> values = read_all(DataType::bf16);
  for (unsigned bits = 0; bits < 65'536; ++bits) {
    ASSERT_EQ(std::bit_cast<std::uint32_t>(values[bits]), bits << 16);
  }
}

TEST(TensorView, ReadsAnyRunFromAnyAddress) {
  const std::vector<float> stored{0, 1, 2, 3, 4, 5, std::numeric_limits<float>::quiet_NaN()};
  const std::vector<std::uint16_t> halves{0x0000, 0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0, 0x7fc0};
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::vector<std::byte> memory(64);
    for (const DataType type : {DataType::f32, DataType::bf16}) {
      if (type == DataType::f32) {
        std::memcpy(memory.data() + shift, stored.data(), 7 * sizeof(float));
      } else {
        std::memcpy(memory.data() + shift, halves.data(), 7 * sizeof(std::uint16_t));
      }
      const TensorView view{type, {7, 1}, memory.data() + shift};
      std::vector<float> run(3);
      view.read(2, run);
      EXPECT_EQ(run, (std::vector<float>{2, 3, 4}));
      view.read(4, run);
      EXPECT_EQ(run[1], 5);
      EXPECT_TRUE(std::isnan(run[2]));
    }
  }
}

TEST(TensorView, ReleasesMappedValuesOnly) {
  const TemporaryFolder folder;
  std::vector<float> stored(1 << 16);
  std::iota(stored.begin(), stored.end(), 0.0F);
  const std::string bytes(reinterpret_cast<const char*>(stored.data()),
                          stored.size() * sizeof(float));
  const MappedFile file(folder.write("values", bytes));
  std::vector<float> read(stored.size() - 1);
  for (const bool mapped : {true, false}) {
    // Neither end lies on a page's.
    const std::byte* data = mapped ? file.bytes().data() : std::as_bytes(std::span(stored)).data();
    const TensorView view{.type = DataType::f32,
                          .shape = {stored.size() - 1},
                          .data = data + sizeof(float),
                          .mapped = mapped};
    view.release();
    view.read(0, read);
    EXPECT_TRUE(std::equal(read.begin(), read.end(), stored.begin() + 1)) << mapped;
  }
}

TEST(TensorView, KnowsItsSize) {
  EXPECT_EQ((TensorView{DataType::f32, {}, nullptr}.size()), 1U);
  EXPECT_EQ((TensorView{DataType::f32, {3, 0}, nullptr}.size()), 0U);
  EXPECT_EQ((TensorView{DataType::f32, {3, 4, 5}, nullptr}.size()), 60U);
}

TEST(TensorView, RefusesToReadBeyondItsEnd) {
  const std::vector<float> stored{0, 1, 2};
  const TensorView view{DataType::f32, {3}, std::as_bytes(std::span(stored)).data()};
  std::vector<float> run(2);
  EXPECT_NO_THROW(view.read(1, run));
  EXPECT_NO_THROW(view.read(3, {}));
  EXPECT_THROW(view.read(2, run), std::out_of_range);
  EXPECT_THROW(view.read(4, {}), std::out_of_range);
  EXPECT_THROW(view.read(std::numeric_limits<std::size_t>::max(), run), std::out_of_range);
}

}  // namespace
}  // namespace normscope

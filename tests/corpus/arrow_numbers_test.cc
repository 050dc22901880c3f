#include "corpus/arrow_numbers.h"

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/util/float16.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::IsNan;

template <typename Builder, typename Value>
std::shared_ptr<arrow::Array> array_of(std::initializer_list<Value> values) {
  Builder builder;
  for (const Value& value : values) EXPECT_TRUE(builder.Append(value).ok());
  EXPECT_TRUE(builder.AppendNull().ok());
  return builder.Finish().ValueOrDie();
}

template <typename Builder>
void expect_whole_numbers() {
  using Value = typename Builder::value_type;
  const auto array = array_of<Builder>({Value{1}, Value{0}, Value{100}});
  EXPECT_TRUE(holds_numbers(*array->type()));
  EXPECT_THAT(numbers_of(*array).ValueOrDie(), ElementsAre(1, 0, 100, IsNan()))
      << array->type()->ToString();
}

TEST(NumbersOf, EveryTypeOfNumber) {
  expect_whole_numbers<arrow::Int8Builder>();
  expect_whole_numbers<arrow::Int16Builder>();
  expect_whole_numbers<arrow::Int32Builder>();
  expect_whole_numbers<arrow::Int64Builder>();
  expect_whole_numbers<arrow::UInt8Builder>();
  expect_whole_numbers<arrow::UInt16Builder>();
  expect_whole_numbers<arrow::UInt32Builder>();
  expect_whole_numbers<arrow::UInt64Builder>();
  EXPECT_THAT(numbers_of(*array_of<arrow::FloatBuilder>({-0.5F})).ValueOrDie(),
              ElementsAre(-0.5, IsNan()));
  EXPECT_THAT(numbers_of(*array_of<arrow::DoubleBuilder>({0.1, 1e300})).ValueOrDie(),
              ElementsAre(0.1, 1e300, IsNan()));
  EXPECT_THAT(numbers_of(*array_of<arrow::BooleanBuilder>({true, false})).ValueOrDie(),
              ElementsAre(1, 0, IsNan()));
  EXPECT_THAT(numbers_of(*array_of<arrow::HalfFloatBuilder>({arrow::util::Float16(1.5F).bits(),
                                                             arrow::util::Float16(-65504.0F).bits(),
                                                             std::uint16_t{0x7E00}}))
                  .ValueOrDie(),
              ElementsAre(1.5, -65504, IsNan(), IsNan()));
  EXPECT_THAT(numbers_of(arrow::NullArray(2)).ValueOrDie(), ElementsAre(IsNan(), IsNan()));
}

TEST(NumbersOf, PartOfAnArray) {
  const auto array = array_of<arrow::Int32Builder>({1, 2, 3});
  EXPECT_THAT(numbers_of(*array->Slice(2)).ValueOrDie(), ElementsAre(3, IsNan()));
}

TEST(NumbersOf, RefusesText) {
  const auto array = array_of<arrow::StringBuilder>({"1"});
  EXPECT_FALSE(holds_numbers(*array->type()));
  EXPECT_FALSE(numbers_of(*array).ok());
}

TEST(NumberRows, PutsColumnsSideBySideAndHasNoInfinity) {
  NumberRows rows(2);
  rows.start(3);
  ASSERT_TRUE(
      rows.put(0, *array_of<arrow::DoubleBuilder>({1.5, std::numeric_limits<double>::infinity()}))
          .ok());
  ASSERT_TRUE(rows.put(1, *array_of<arrow::Int32Builder>({7, 8})).ok());
  EXPECT_THAT(rows[0], ElementsAre(1.5, 7));
  EXPECT_THAT(rows[1], ElementsAre(IsNan(), 8));
  EXPECT_THAT(rows[2], ElementsAre(IsNan(), IsNan()));
  EXPECT_FALSE(rows.put(0, *array_of<arrow::Int32Builder>({1})).ok());
  rows.start(1);
  ASSERT_TRUE(rows.put(1, *array_of<arrow::Int32Builder>(std::initializer_list<int>{})).ok());
  EXPECT_THAT(rows[0], ElementsAre(0, IsNan()));
}

TEST(NumberRows, KeepsFiniteNumbersOfAnySize) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  NumberRows rows(1);
  rows.start(5);
  ASSERT_TRUE(
      rows.put(0, *array_of<arrow::DoubleBuilder>({1e308, 5e-324, kInfinite, -kInfinite})).ok());
  EXPECT_EQ(rows[0][0], 1e308);
  EXPECT_EQ(rows[1][0], 5e-324);
  EXPECT_THAT(rows[2][0], IsNan());
  EXPECT_THAT(rows[3][0], IsNan());
}

TEST(NumberRows, MayHaveNoColumns) {
  NumberRows rows;
  rows.start(3);
  EXPECT_TRUE(rows[2].empty());
}

}  // namespace
}  // namespace normscope

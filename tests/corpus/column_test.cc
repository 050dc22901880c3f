#include "corpus/column.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_texts.h"

namespace normscope {
namespace {

using testing::HasSubstr;

const std::vector<Column> columns{{{"id"}, Holds::numbers},
                                  {{"body"}, Holds::text},
                                  {{"meta", "title"}, Holds::text},
                                  {{"raw"}, Holds::bytes}};

TEST(ChooseColumn, TakesTheWantedOne) {
  EXPECT_EQ(choose_column("f", columns, "body"), 1U);
  EXPECT_EQ(choose_column("f", columns, "meta.title"), 2U);
  EXPECT_EQ(choose_column("f", columns, "raw"), 3U);
}

TEST(ChooseColumn, ListsTheColumnsWhereTheWantedOneIsMissing) {
  EXPECT_EQ(
      error_of([] { choose_column("f", columns, "title"); }),
      "f: has no column title; its columns are id (numbers), body, meta.title, raw (no text)");
  EXPECT_EQ(error_of([] { choose_column("f", {}, "title"); }),
            "f: has no column title; it has no columns");
  EXPECT_THAT(error_of([] { choose_column("f", columns, "id"); }),
              HasSubstr("the column id holds no text; its columns are"));
  const std::vector<Column> flag{{{"b"}, Holds::booleans}};
  EXPECT_EQ(error_of([&] { choose_column("f", flag, "b"); }),
            "f: the column b holds no text; its columns are b (true or false)");
  EXPECT_EQ(find_number_column("f", flag, "b"), 0U);
}

TEST(FindColumn, TakesAnyOfThatName) {
  EXPECT_EQ(find_column("f", columns, "meta.title"), 2U);
  EXPECT_THAT(error_of([] { find_column("f", columns, "title"); }),
              HasSubstr("has no column title; its columns are id (numbers)"));
}

TEST(FindNumberColumn, RefusesWhatIsKnownToHoldNone) {
  EXPECT_EQ(find_number_column("f", columns, "id"), 0U);
  EXPECT_EQ(find_number_column("f", columns, "raw"), 3U);
  EXPECT_THAT(error_of([] { find_number_column("f", columns, "body"); }),
              HasSubstr("the column body holds no numbers; its columns are"));
  EXPECT_THAT(error_of([] { find_number_column("f", columns, "title"); }),
              HasSubstr("has no column title"));
}

TEST(ChooseColumn, TakesTheUsualNamesFirst) {
  EXPECT_EQ(choose_column(
                "f",
                std::vector<Column>{
                    {{"a"}, Holds::text}, {{"sentence"}, Holds::text}, {{"text"}, Holds::bytes}},
                {}),
            2U);
  EXPECT_EQ(choose_column(
                "f",
                std::vector<Column>{
                    {{"a"}, Holds::text}, {{"sentence"}, Holds::text}, {{"text"}, Holds::other}},
                {}),
            1U);
  EXPECT_EQ(choose_column(
                "f",
                std::vector<Column>{
                    {{"a", "text"}, Holds::text}, {{"b"}, Holds::other}, {{"raw"}, Holds::bytes}},
                {}),
            0U);
}

TEST(ChooseColumn, AsksWhereItCannotBeTold) {
  for (const auto& unclear :
       {columns, std::vector<Column>{}, std::vector<Column>{{{"raw"}, Holds::bytes}}}) {
    EXPECT_THAT(error_of([&] { choose_column("f", unclear, {}); }),
                HasSubstr("say which column holds the text"));
  }
}

TEST(ChooseColumn, ListsNoMoreThanCanBeRead) {
  const std::vector<Column> many(100'000, Column{{"a"}, Holds::text});
  const std::string error = error_of([&] { choose_column("f", many, "b"); });
  EXPECT_LT(error.size(), 1000U);
  EXPECT_THAT(error, HasSubstr("and 99950 more"));
}

}  // namespace
}  // namespace normscope

#include <gtest/gtest.h>

#include <string>

#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

TEST(ReferenceTest, Models) {
  EXPECT_EQ(parse_model_reference("bert-base-uncased"),
            (ModelReference{.repository = "bert-base-uncased", .revision = "main"}));
  EXPECT_EQ(parse_model_reference("org/name@refs/pr/1"),
            (ModelReference{.repository = "org/name", .revision = "refs/pr/1"}));
  for (const char* const text : {"", "@main", "a@", "a/b/c", "/tmp/model", "./model", "../model",
                                 "a@b@c:d", "a@..", "hf:a", "a b"}) {
    EXPECT_THROW(parse_model_reference(text), Error) << text;
  }
}

TEST(ReferenceTest, Datasets) {
  const auto dataset = [](const char* config, const char* split, const char* column,
                          const char* revision) {
    return DatasetReference{.repository = "org/name",
                            .config = config,
                            .split = split,
                            .column = column,
                            .revision = revision};
  };
  EXPECT_EQ(parse_dataset_reference("hf:org/name"), dataset("", "", "", "main"));
  EXPECT_EQ(parse_dataset_reference("hf:org/name:plain_text"),
            dataset("plain_text", "", "", "main"));
  EXPECT_EQ(parse_dataset_reference("hf:org/name::test"), dataset("", "test", "", "main"));
  EXPECT_EQ(parse_dataset_reference("hf:org/name:a:b:c.d@v1"), dataset("a", "b", "c.d", "v1"));
  EXPECT_EQ(parse_dataset_reference("hf:org/name:::text"), dataset("", "", "text", "main"));
  for (const char* const text : {"org/name", "hf:", "hf::config", "hf:org/name:a:b:c:d",
                                 "hf:org/name@", "hf:../name", "HF:org/name", "hf:org/name@a:b"}) {
    EXPECT_THROW(parse_dataset_reference(text), Error) << text;
  }
}

TEST(ReferenceTest, ErrorNamesTheReference) {
  try {
    parse_model_reference("org/name@a..b");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.file(), "org/name@a..b");
    EXPECT_NE(error.reason().find("'a..b'"), std::string::npos);
  }
}

}  // namespace
}  // namespace normscope

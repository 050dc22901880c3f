#include "corpus/batch_reader.h"

#include <arrow/array/array_nested.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_dict.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <random>

#include "base/sha256.h"
#include "compress.h"
#include "corpus/parquet_file.h"
#include "read_texts.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;

const std::vector<std::string> texts{"a", "", "b\xC3\xA9", std::string(100'000, 'x'), "end"};

// The texts, of which the second is null.
template <typename Builder>
std::shared_ptr<arrow::Array> array_of() {
  Builder builder;
  for (const std::string& text : texts) {
    if (text.empty()) {
      EXPECT_TRUE(builder.AppendNull().ok());
    } else {
      EXPECT_TRUE(builder.Append(text).ok());
    }
  }
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> numbers() {
  arrow::Int64Builder builder;
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_TRUE(builder.Append(1).ok());
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Table> table_of(const std::string& name,
                                       const std::shared_ptr<arrow::Array>& column) {
  return arrow::Table::Make(
      arrow::schema({arrow::field("n", arrow::int64()), arrow::field(name, column->type())}),
      {numbers(), column});
}

std::shared_ptr<arrow::Array> nested(const std::string& name,
                                     const std::shared_ptr<arrow::Array>& inner) {
  return arrow::StructArray::Make({numbers(), inner}, std::vector<std::string>{"n", name})
      .ValueOrDie();
}

class BatchReaderTest : public testing::Test {
 protected:
  // Batches of two rows.
  std::string write_arrow(const arrow::Table& table, bool as_file) {
    const std::string path = folder_.path() / "f.arrow";
    const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
    const auto writer = (as_file ? arrow::ipc::MakeFileWriter(out, table.schema())
                                 : arrow::ipc::MakeStreamWriter(out, table.schema()))
                            .ValueOrDie();
    EXPECT_TRUE(writer->WriteTable(table, 2).ok());
    EXPECT_TRUE(writer->Close().ok());
    EXPECT_TRUE(out->Close().ok());
    return path;
  }
  // Row groups of two rows.
  std::string write_parquet(const arrow::Table& table) {
    const std::string path = folder_.path() / "f.parquet";
    const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
    EXPECT_TRUE(parquet::arrow::WriteTable(table, arrow::default_memory_pool(), out, 2).ok());
    EXPECT_TRUE(out->Close().ok());
    return path;
  }
  std::vector<std::string> read(const std::string& path,
                                const std::optional<std::string>& column = {}) {
    ByteSource source(path);
    const bool parquet = source.peek(4) == "PAR1";
    const auto reader =
        parquet ? read_parquet(source, {.text = column}) : read_arrow(source, {.text = column});
    taken_ = *reader->column();
    auto rows = rest_of(*reader);
    source.drain();
    EXPECT_EQ(source.sha256(), sha256_of_file(path));
    return rows;
  }

  TemporaryFolder folder_;
  std::string taken_;
};

TEST_F(BatchReaderTest, ReadsEveryLayoutOfText) {
  for (const auto& column :
       {array_of<arrow::StringBuilder>(), array_of<arrow::LargeStringBuilder>(),
        array_of<arrow::StringViewBuilder>(), array_of<arrow::BinaryBuilder>(),
        array_of<arrow::StringDictionaryBuilder>()}) {
    const auto table = table_of("text", column);
    EXPECT_EQ(read(write_arrow(*table, false)), texts) << column->type()->ToString();
    EXPECT_EQ(read(write_arrow(*table, true)), texts) << column->type()->ToString();
    EXPECT_EQ(read(write_parquet(*table)), texts) << column->type()->ToString();
    EXPECT_EQ(taken_, "text");
  }
}

TEST_F(BatchReaderTest, ReadsANestedColumn) {
  const auto table = table_of("a", nested("b", nested("c", array_of<arrow::StringBuilder>())));
  for (const std::string& path : {write_arrow(*table, false), write_parquet(*table)}) {
    EXPECT_EQ(read(path, "a.b.c"), texts);
    EXPECT_EQ(read(path), texts);
    EXPECT_EQ(taken_, "a.b.c");
    EXPECT_EQ(error_of([&] { read(path, "a.c"); }),
              path +
                  ": has no column a.c; its columns are n (numbers), a.n (numbers), a.b.n "
                  "(numbers), a.b.c");
  }
}

TEST_F(BatchReaderTest, ReadsNumbersBesideTheText) {
  arrow::DoubleBuilder builder;
  ASSERT_TRUE(builder.AppendValues({1.5, 2.5, 3.5, 4.5}).ok());
  ASSERT_TRUE(builder.AppendNull().ok());
  const auto values = builder.Finish().ValueOrDie();
  const auto text = array_of<arrow::StringBuilder>();
  // Beside the text in a struct, before it and behind it.
  const auto inner =
      arrow::StructArray::Make({values, text, numbers()}, std::vector<std::string>{"x", "t", "n"})
          .ValueOrDie();
  const auto table = arrow::Table::Make(
      arrow::schema({arrow::field("other", text->type()), arrow::field("n", arrow::int64()),
                     arrow::field("a", inner->type()), arrow::field("x", values->type())}),
      {text, numbers(), inner, values});
  const ColumnChoice wanted{.text = "a.t", .numbers = {"x", "a.x", "n", "a.n"}};
  for (const std::string& path :
       {write_arrow(*table, false), write_arrow(*table, true), write_parquet(*table)}) {
    ByteSource source(path);
    const auto reader =
        source.peek(4) == "PAR1" ? read_parquet(source, wanted) : read_arrow(source, wanted);
    EXPECT_THAT(numbers_of_rest(*reader),
                ElementsAre(ElementsAre(1.5, 1.5, 1, 1), ElementsAre(2.5, 2.5, 1, 1),
                            ElementsAre(3.5, 3.5, 1, 1), ElementsAre(4.5, 4.5, 1, 1),
                            ElementsAre(IsNan(), IsNan(), 1, 1)));
    EXPECT_THAT(error_of([&] {
                  ByteSource again(path);
                  const ColumnChoice text_column{.text = "a.t", .numbers = {"other"}};
                  again.peek(4) == "PAR1" ? read_parquet(again, text_column)
                                          : read_arrow(again, text_column);
                }),
                HasSubstr("the column other holds no numbers; its columns are other, n (numbers)"));
  }
}

TEST_F(BatchReaderTest, KeepsBytesThatAreNotUtf8) {
  arrow::StringBuilder builder;
  ASSERT_TRUE(builder.AppendValues({"a\xFF", "b"}).ok());
  const auto table = arrow::Table::Make(arrow::schema({arrow::field("text", arrow::utf8())}),
                                        arrow::ArrayVector{builder.Finish().ValueOrDie()});
  for (const std::string& path :
       {write_arrow(*table, false), write_arrow(*table, true), write_parquet(*table)}) {
    EXPECT_THAT(read(path), ElementsAre("a\xFF", "b"));
  }
}

TEST_F(BatchReaderTest, ReadsArrowThroughACompression) {
  const auto table = table_of("text", array_of<arrow::StringBuilder>());
  const std::string stored = compress(Compression::gzip, content_of(write_arrow(*table, true)));
  EXPECT_EQ(read(folder_.write("f.gz", stored)), texts);
}

TEST_F(BatchReaderTest, SaysWhyParquetCannotBeReadThroughACompression) {
  const auto table = table_of("text", array_of<arrow::StringBuilder>());
  const std::string path =
      folder_.write("f.gz", compress(Compression::gzip, content_of(write_parquet(*table))));
  EXPECT_THAT(error_of([&] { read(path); }), HasSubstr("not compressed as a whole"));
}

// No damage may crash the program or give other rows unnoticed by the sanitizers.
TEST_F(BatchReaderTest, StandsDamage) {
  const auto table = table_of("text", array_of<arrow::StringDictionaryBuilder>());
  const auto plain = table_of("text", array_of<arrow::StringBuilder>());
  std::mt19937_64 generator(1);
  int refused = 0;
  for (const std::string& path :
       {write_arrow(*table, false), write_arrow(*plain, true), write_parquet(*plain)}) {
    const std::string whole = content_of(path);
    for (int round = 0; round < 300; ++round) {
      std::string damaged = whole;
      if (round % 3 == 0) {
        damaged.resize(8 + generator() % (whole.size() - 8));
      } else {
        // The metadata stand at both ends, the long text between them.
        const std::size_t place = generator() % 1500;
        damaged[(generator() & 1) == 0 ? 8 + place : whole.size() - 1 - place] =
            static_cast<char>(generator());
      }
      const std::string file = folder_.write("damaged", damaged);
      const std::string error = error_of([&] { read(file); });
      if (error != "no error") {
        EXPECT_THAT(error, HasSubstr(file));
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace normscope

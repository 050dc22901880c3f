// The only file that includes Arrow's headers, which are slow to compile.

#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <cstddef>
#include <memory>

#include "files/atomic_file.h"
#include "normscope/error.h"
#include "normscope/report.h"

namespace normscope {
namespace {

// A row group is what is in memory at once; its text must also fit Arrow's 32-bit offsets.
constexpr std::size_t kRowsPerGroup = std::size_t{1} << 16;
constexpr std::size_t kTextPerGroup = std::size_t{64} << 20;

std::shared_ptr<arrow::Schema> table_schema() {
  return arrow::schema({arrow::field("index", arrow::uint64(), false),
                        arrow::field("text", arrow::utf8(), false),
                        arrow::field("tokens", arrow::uint32(), false),
                        arrow::field("truncated", arrow::boolean(), false),
                        arrow::field("norm", arrow::float64(), false)});
}

std::shared_ptr<parquet::WriterProperties> writer_properties() {
  parquet::WriterProperties::Builder properties;
  for (const auto codec : {arrow::Compression::ZSTD, arrow::Compression::SNAPPY}) {
    if (!arrow::util::Codec::IsAvailable(codec)) continue;
    properties.compression(codec);
    break;
  }
  // Hardly a value in these columns comes twice.
  properties.disable_dictionary("index")->disable_dictionary("text")->disable_dictionary("norm");
  properties.encoding("index", parquet::Encoding::DELTA_BINARY_PACKED);
  return properties.build();
}

/// How many of `rows` make the first row group.
std::size_t group_size(std::span<const Measurement> rows) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < std::min(rows.size(), kRowsPerGroup)) {
    bytes += rows[count].text.size();
    if (count > 0 && bytes > kTextPerGroup) break;
    ++count;
  }
  return count;
}

arrow::Result<std::shared_ptr<arrow::Table>> make_table(
    const std::shared_ptr<arrow::Schema>& schema, std::span<const Measurement> rows) {
  arrow::UInt64Builder index;
  arrow::StringBuilder text;
  arrow::UInt32Builder tokens;
  arrow::BooleanBuilder truncated;
  arrow::DoubleBuilder norm;
  for (const Measurement& row : rows) {
    ARROW_RETURN_NOT_OK(index.Append(row.index));
    ARROW_RETURN_NOT_OK(text.Append(row.text));
    ARROW_RETURN_NOT_OK(tokens.Append(row.tokens));
    ARROW_RETURN_NOT_OK(truncated.Append(row.truncated));
    ARROW_RETURN_NOT_OK(norm.Append(row.norm));
  }
  arrow::ArrayVector columns;
  for (arrow::ArrayBuilder* builder :
       std::initializer_list<arrow::ArrayBuilder*>{&index, &text, &tokens, &truncated, &norm}) {
    ARROW_ASSIGN_OR_RAISE(auto column, builder->Finish());
    columns.push_back(std::move(column));
  }
  return arrow::Table::Make(schema, columns);
}

arrow::Status write_table(const std::filesystem::path& path, std::span<const Measurement> rows) {
  const auto schema = table_schema();
  ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::FileOutputStream::Open(path.string()));
  ARROW_ASSIGN_OR_RAISE(
      auto writer, parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), file,
                                                    writer_properties()));
  while (!rows.empty()) {
    const std::size_t count = group_size(rows);
    ARROW_ASSIGN_OR_RAISE(auto table, make_table(schema, rows.first(count)));
    ARROW_RETURN_NOT_OK(writer->WriteTable(*table, static_cast<std::int64_t>(count)));
    rows = rows.subspan(count);
  }
  ARROW_RETURN_NOT_OK(writer->Close());
  return file->Close();
}

}  // namespace

void write_measurements(const std::filesystem::path& folder,
                        std::span<const Measurement> measurements) {
  const auto path = folder / "measurements.parquet";
  write_atomically(path, [&](const std::filesystem::path& aside) {
    const arrow::Status status = write_table(aside, measurements);
    if (!status.ok()) throw Error(path, status.message());
  });
}

}  // namespace normscope

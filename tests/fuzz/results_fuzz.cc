#include <vector>

#include "normscope/error.h"
#include "normscope/measure.h"
#include "report/markdown.h"
#include "report/stored_run.h"
#include "scratch_folder.h"

namespace {

// A table of twelve sentences, for results.json to be about.
void write_table(const normscope::ScratchFolder& folder) {
  std::vector<normscope::Measurement> rows;
  for (std::uint32_t i = 1; i <= 12; ++i) {
    rows.push_back({.index = i, .text = "text", .tokens = i, .statistics = {10.0 + i}});
  }
  normscope::MeasurementWriter writer(folder.path() / "measurements.parquet");
  writer.append(rows);
  writer.close();
}

}  // namespace

// results.json as `normscope report` and `normscope compare` read it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  static const bool written = (write_table(folder), true);
  normscope::require(written);
  folder.write("results.json", normscope::text_of(data, size));
  try {
    normscope::require(!normscope::markdown(normscope::read_run(folder.path())).empty());
  } catch (const normscope::Error&) {
  }
  return 0;
}

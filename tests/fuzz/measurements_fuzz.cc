#include <vector>

#include "normscope/error.h"
#include "normscope/measure.h"
#include "report/measurement_table.h"
#include "scratch_folder.h"

// A table of measurements as a shard of a run, which is read whole, and as a report reads it,
// column by column.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  const auto file = folder.write("00000000.parquet", normscope::text_of(data, size));
  std::size_t rows = 0;
  try {
    rows = normscope::read_measurements(file).rows.size();
  } catch (const normscope::Error&) {
  }
  try {
    const normscope::MeasurementTable table(file);
    const std::vector<double> tokens = table.numbers("tokens");
    normscope::require(rows == 0 || tokens.size() == rows);
    normscope::require(table.numbers("norm").size() == tokens.size());
    const std::vector<std::uint64_t> some{0, 3};
    normscope::require(table.texts(some, 5).size() <= some.size());
  } catch (const normscope::Error&) {
  }
  return 0;
}

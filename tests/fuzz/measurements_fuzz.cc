#include "normscope/error.h"
#include "normscope/measure.h"
#include "scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  try {
    normscope::read_measurements(
        folder.write("measurements.parquet", normscope::text_of(data, size)));
  } catch (const normscope::Error&) {
  }
  return 0;
}

#include "normscope/checkpoint.h"
#include "normscope/error.h"
#include "normscope/report.h"
#include "scratch_folder.h"

// A run's identity and a part of it, as `normscope merge` reads them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  const std::string_view input = normscope::text_of(data, size);
  folder.write("part-1-of-2.json", input);
  folder.write("identity.json", input);
  try {
    normscope::read_parts(folder.path());
  } catch (const normscope::Error&) {
  }
  try {
    normscope::read_identity(folder.path());
  } catch (const normscope::Error&) {
  }
  return 0;
}

#include "model/config.h"
#include "normscope/error.h"
#include "scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  try {
    const auto config =
        normscope::read_model_config(folder.write("config.json", normscope::text_of(data, size)));
    normscope::require(config.heads > 0 && config.hidden_size % config.heads == 0);
  } catch (const normscope::Error&) {
  }
  return 0;
}

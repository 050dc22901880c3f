#include "model/config.h"
#include "normscope/error.h"
#include "scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  try {
    const auto spec =
        normscope::read_model_config(folder.write("config.json", normscope::text_of(data, size)))
            .spec;
    normscope::require(spec.heads > 0 && spec.hidden_size % spec.heads == 0);
  } catch (const normscope::Error&) {
  }
  return 0;
}

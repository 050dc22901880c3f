#include "normscope/error.h"
#include "normscope/model.h"
#include "scratch_folder.h"

// model.safetensors.index.json beside a small config and a file that must not be reached.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  folder.write("config.json",
               R"({"model_type": "bert", "vocab_size": 8, "hidden_size": 4, "num_hidden_layers": 1,
                   "num_attention_heads": 2, "intermediate_size": 4, "max_position_embeddings": 4})");
  folder.write("model.safetensors.index.json", normscope::text_of(data, size));
  try {
    const auto model = normscope::load_model(folder.path());
    std::abort();  // no shard is there
  } catch (const normscope::Error&) {
  }
  return 0;
}

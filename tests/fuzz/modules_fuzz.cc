#include "model/modules.h"
#include "model/pooling_config.h"
#include "model/prompts.h"
#include "model/sentence_config.h"
#include "normscope/error.h"
#include "scratch_folder.h"

namespace {

template <class Read>
void read_or_refuse(const Read& read) {
  try {
    read();
  } catch (const normscope::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  const std::string_view text = normscope::text_of(data, size);
  for (const char* const name : {"modules.json", "config_sentence_transformers.json",
                                 "sentence_bert_config.json", "config.json"}) {
    folder.write(name, text);
  }
  read_or_refuse([] {
    const auto within = normscope::encoder_folder(folder.path()).lexically_relative(folder.path());
    normscope::require(!within.empty() && *within.begin() != "..");
  });
  read_or_refuse([] { normscope::read_prompts(folder.path()); });
  folder.write("modules.json", R"([{"type": "Transformer", "path": ""}])");
  read_or_refuse([] { normscope::read_sentence_config(folder.path()); });
  read_or_refuse([] {
    const auto config = normscope::read_pooling_config(folder.path() / "config.json", 384);
    normscope::require(!config.poolings.empty());
  });
  return 0;
}

#include "model/sentence_config.h"

#include "base/has_file.h"
#include "model/config_reader.h"
#include "model/model_files.h"

namespace normscope {

SentenceConfig read_sentence_config(const std::filesystem::path& folder) {
  constexpr const char* kLength = "max_seq_length";
  for (const char* const name : kSentenceFiles) {
    if (!has_file(folder / name)) continue;
    const ConfigReader config(folder / name);
    SentenceConfig read{.file = name, .max_length = {}, .lower_case = config.flag("do_lower_case")};
    if (config.has(kLength)) read.max_length = config.rows(kLength);
    return read;
  }
  return {};
}

}  // namespace normscope

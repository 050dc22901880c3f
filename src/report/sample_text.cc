#include "report/sample_text.h"

#include <fmt/format.h>

#include "report/thousands.h"

namespace normscope {

std::string sample_text(const Manifest& manifest) {
  if (manifest.sample == SampleMethod::head) return "the first sentences of the corpus";
  if (manifest.sample == SampleMethod::stratified) {
    return "even over the lengths in words: what follows is of it, not of the corpus";
  }
  if (manifest.blocks) {
    return fmt::format(
        "from {} of {} Parquet row groups, drawn at random: neighbours resemble each other, so the "
        "intervals are too narrow",
        thousands(manifest.blocks->read), thousands(manifest.blocks->all));
  }
  return {};
}

}  // namespace normscope

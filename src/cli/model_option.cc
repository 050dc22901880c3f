#include "cli/model_option.h"

#include <CLI/CLI.hpp>

#include "cli/sources.h"

namespace normscope::cli {

void add_model_option(CLI::App& command, std::string& model) {
  command
      .add_option("--model", model,
                  "A built-in name, a Hugging Face model folder, or a model on the hub, "
                  "[ORGANISATION/]NAME[@REVISION]. Default: " +
                      std::string(kDefaultModel))
      ->option_text("MODEL");
}

}  // namespace normscope::cli

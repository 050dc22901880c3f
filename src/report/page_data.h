#pragma once

#include <string>

#include "report/stored_run.h"

namespace normscope {

/// What the page's script draws, as script elements that no browser runs: `data` (JSON: what there
/// is), `results` (JSON: results.json), `column-N` (base64 of float32) and `texts` (base64 of
/// gzip). A sample of the sentences is in it where there are many, so that the page stays below 25
/// MB.
std::string page_data(const StoredRun& run);

}  // namespace normscope

#pragma once

#include <string>

#include "report/stored_run.h"

namespace normscope {

/// What the page's script draws, as script elements that no browser runs: `data` (JSON: what there
/// is to show), `results` (JSON: results.json), `column-N` (base64 of float32) and `texts` (base64
/// of gzip). If there are many sentences, it holds a sample of them, so that the page stays below
/// 25 MB.
std::string page_data(const StoredRun& run);

}  // namespace normscope

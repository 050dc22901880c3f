#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "normscope/error.h"
#include "normscope/measure.h"
#include "report/markdown.h"
#include "report/stored_run.h"
#include "scratch_folder.h"

namespace {

// With the hash of the table that is there, which no mutation finds.
std::string with_hash(std::string_view input, const std::string& digest) {
  static const nlohmann::json::json_pointer hashes("/manifest/sha256");
  nlohmann::json json = nlohmann::json::parse(input, nullptr, false);
  if (json.is_discarded() || !json.contains(hashes) || !json.at(hashes).is_object()) {
    return std::string(input);
  }
  json[hashes]["measurements.parquet"] = digest;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// A table of twelve sentences, for results.json to be about.
void write_table(const normscope::ScratchFolder& folder) {
  std::vector<normscope::Measurement> rows;
  for (std::uint32_t i = 1; i <= 12; ++i) {
    rows.push_back(
        {.index = i, .text = "text", .tokens = i, .tokens_read = i, .statistics = {10.0 + i}});
  }
  normscope::MeasurementWriter writer(folder.path() / "measurements.parquet");
  writer.append(rows);
  writer.close();
}

}  // namespace

// results.json as `normscope report` and `normscope compare` read it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  static const bool written = (write_table(folder), true);
  static const std::string digest =
      normscope::sha256_of_file(folder.path() / "measurements.parquet");
  normscope::require(written);
  folder.write("results.json", with_hash(normscope::text_of(data, size), digest));
  try {
    normscope::require(!normscope::markdown(normscope::read_run(folder.path())).empty());
  } catch (const normscope::Error&) {
  }
  return 0;
}

#include "experiment/run_folder.h"
#include "normscope/checkpoint.h"
#include "normscope/error.h"
#include "normscope/results.h"
#include "scratch_folder.h"

namespace {

// A finished shard, for its vectors to be beside it.
normscope::Checkpoint make_checkpoint(const std::filesystem::path& folder) {
  const normscope::Checkpoint checkpoint(folder / "shards", {});
  normscope::MeasuredShard shard;
  shard.measurements.rows = {{.index = 0, .text = "text", .tokens = 1, .statistics = {10}}};
  shard.measurements.vectors = {{.indices = {0}, .points = {{1}}}};
  checkpoint.write(0, shard, "");
  return checkpoint;
}

}  // namespace

// An unfinished run's claim, a part of it and a shard's vectors, as `normscope merge` reads them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const normscope::ScratchFolder folder;
  static const normscope::Checkpoint checkpoint = make_checkpoint(folder.path());
  const std::string_view input = normscope::text_of(data, size);
  folder.write("part-1-of-2.json", input);
  folder.write("run.json", input);
  try {
    (void)normscope::read_parts(folder.path());
  } catch (const normscope::Error&) {
  }
  try {
    normscope::read_identity(folder.path());
  } catch (const normscope::Error&) {
  }
  folder.write("shards/00000000.vectors", input);
  try {
    normscope::require(checkpoint.read(0).measurements.rows.size() == 1);
  } catch (const normscope::Error&) {
  }
  return 0;
}

#include <algorithm>

#include "hub/bad_answer.h"
#include "hub/content_hash.h"
#include "hub/http_response.h"
#include "hub/listing.h"
#include "hub/names.h"
#include "hub/parquet_layout.h"
#include "hub/remote_file.h"
#include "hub/repository_cache.h"
#include "hub/transfer_error.h"
#include "hub/url.h"
#include "normscope/error.h"
#include "normscope/hub.h"
#include "scratch_folder.h"

namespace normscope {
namespace {

constexpr const char* commit = "0123456789abcdef0123456789abcdef01234567";

// An answer's headers, and where a redirect among them leads.
void read_headers(std::string_view text) {
  HttpResponse response{.status = 200};
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    response.take_line(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  try {
    const RemoteFile file = read_remote_file(response, "config.json", "main");
    require(is_commit(file.commit) && is_content_hash(file.etag));
  } catch (const BadAnswer&) {
  }
  try {
    Url url("https://hub.example/models/resolve/main/config.json");
    url.follow(response.header("location"));
    // What decides where the token goes is what is asked.
    require(Url(url.text()).origin() == url.origin());
  } catch (const TransferError&) {
  }
}

void read_description(std::string_view text) {
  try {
    const Listing listing = read_listing(text);
    require(is_commit(listing.commit) && std::ranges::all_of(listing.files, is_safe_path));
    const std::vector<ParquetFile> files = parquet_files(listing.files);
    for (const std::string& path : choose_files(files, "", "", "dataset")) {
      require(std::ranges::find(listing.files, path) != listing.files.end());
    }
  } catch (const BadAnswer&) {
  } catch (const Error&) {
  }
}

// What other programs have left in the cache.
void read_cache(std::string_view text) {
  static const ScratchFolder scratch;
  const RepositoryCache cache(scratch.path(), RepositoryKind::model, "org/name");
  const std::filesystem::path folder = cache.snapshot(commit).parent_path().parent_path();
  std::filesystem::create_directories(folder / "refs");
  std::filesystem::create_directories(folder / "trees");
  std::ofstream(folder / "refs/main", std::ios::binary) << text;
  std::ofstream(folder / "trees" / (std::string(commit) + ".json"), std::ios::binary) << text;
  const auto known = cache.commit("main");
  require(!known || is_commit(*known));
  try {
    require(std::ranges::all_of(cache.files(commit), is_safe_path));
  } catch (const Error&) {
  }
}

void read_name(std::string_view text) {
  try {
    const ModelReference model = parse_model_reference(text);
    require(is_safe_path(model.repository) && is_safe_path(model.revision));
  } catch (const Error&) {
  }
  try {
    const DatasetReference dataset = parse_dataset_reference(text);
    require(is_safe_path(dataset.repository) && is_safe_path(dataset.revision));
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace normscope

// The first byte says what the rest is: headers, a description, a file of the cache, a name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = normscope::text_of(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      normscope::read_headers(text);
      break;
    case 1:
      normscope::read_description(text);
      break;
    case 2:
      normscope::read_cache(text);
      break;
    default:
      normscope::read_name(text);
      break;
  }
  return 0;
}

#include "hub/listing.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "hub/bad_answer.h"
#include "hub/names.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 64;
// If there are more, the hub may leave some out here.
constexpr std::size_t kMostInFull = 50'000;

bool is_string(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string();
}

bool is_size(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned();
}

// A file's entry in huggingface_hub's listing; null if the hub does not say what it needs.
Json tree_entry(const Json& sibling) {
  if (!is_size(sibling, "size") || !is_string(sibling, "blobId")) return nullptr;
  Json entry = {{"size", sibling["size"]}, {"blob_id", sibling["blobId"]}};
  const auto lfs = sibling.find("lfs");
  if (lfs != sibling.end() && lfs->is_object() && is_string(*lfs, "sha256") &&
      is_size(*lfs, "size")) {
    entry["lfs_sha256"] = (*lfs)["sha256"];
    entry["lfs_size"] = (*lfs)["size"];
  }
  return entry;
}

Json parse(std::string_view text) {
  bool too_deep = false;
  const auto limit_depth = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  Json json = Json::parse(text, limit_depth, false);
  if (too_deep || !json.is_object()) throw BadAnswer("its description is no JSON object");
  return json;
}

}  // namespace

Listing read_listing(std::string_view text) {
  const Json json = parse(text);
  const auto siblings = json.find("siblings");
  if (!is_string(json, "sha") || !is_commit(json["sha"].get<std::string>()) ||
      siblings == json.end() || !siblings->is_array()) {
    throw BadAnswer("its description has no commit or no files");
  }
  Listing listing{.commit = json["sha"].get<std::string>(), .files = {}};
  Json tree = {{"format_version", 1}, {"files", Json::object()}};
  bool complete = siblings->size() < kMostInFull;
  for (const Json& sibling : *siblings) {
    if (!sibling.is_object() || !is_string(sibling, "rfilename") ||
        !is_safe_path(sibling["rfilename"].get<std::string>())) {
      throw BadAnswer("it lists a file whose name would lead out of its folder");
    }
    listing.files.push_back(sibling["rfilename"].get<std::string>());
    Json entry = tree_entry(sibling);
    complete = complete && !entry.is_null();
    tree["files"][listing.files.back()] = std::move(entry);
  }
  std::sort(listing.files.begin(), listing.files.end());
  // It cannot contain invalid UTF-8: the parser accepts none.
  if (complete) listing.tree = tree.dump(1);
  return listing;
}

}  // namespace normscope

// Replaces the hub in a library that is built without it: names are read, and then refused.
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

constexpr const char* kLeftOut = "this normscope was built without the hub (NORMSCOPE_HUB)";

}  // namespace

HubOptions HubOptions::from_environment() { return {}; }

std::filesystem::path fetch_model(const ModelReference& reference, const HubOptions& /*options*/,
                                  const HubListener& /*listener*/) {
  throw Error(reference.repository, kLeftOut);
}

FetchedDataset fetch_dataset(const DatasetReference& reference, const HubOptions& /*options*/,
                             const HubListener& /*listener*/) {
  throw Error(reference.repository, kLeftOut);
}

}  // namespace normscope

#include "model/pooling_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "model/config_reader.h"

namespace normscope {
namespace {

// The flags of older files, in the order in which their vectors are concatenated.
constexpr std::array<std::pair<Pooling, const char*>, 6> kPoolings{
    {{Pooling::cls, "pooling_mode_cls_token"},
     {Pooling::max, "pooling_mode_max_tokens"},
     {Pooling::mean, "pooling_mode_mean_tokens"},
     {Pooling::mean_sqrt_len_tokens, "pooling_mode_mean_sqrt_len_tokens"},
     {Pooling::weightedmean, "pooling_mode_weightedmean_tokens"},
     {Pooling::lasttoken, "pooling_mode_lasttoken"}}};
constexpr const char* kMode = "pooling_mode";
constexpr std::size_t kMostPoolings = 16;

Pooling pooling_named(const std::string& wanted, const ConfigReader& config) {
  const auto known = std::ranges::find_if(
      kPoolings, [&](const auto& pooling) { return name(pooling.first) == wanted; });
  if (known == kPoolings.end()) config.fail(kMode, fmt::format("{} is not known", wanted));
  return known->first;
}

std::vector<Pooling> poolings_of(const ConfigReader& config) {
  std::vector<Pooling> poolings;
  const std::vector<std::string> names = config.text_or_texts(kMode);
  if (config.has(kMode) && names.empty()) config.fail(kMode, "lists no pooling");
  if (names.size() > kMostPoolings) {
    config.fail(kMode, fmt::format("lists more than {} poolings", kMostPoolings));
  }
  for (const std::string& wanted : names) poolings.push_back(pooling_named(wanted, config));
  if (!poolings.empty()) return poolings;
  for (const auto& [pooling, flag] : kPoolings) {
    if (config.flag(flag)) poolings.push_back(pooling);
  }
  if (poolings.empty()) poolings.push_back(Pooling::mean);
  return poolings;
}

}  // namespace

PoolingConfig read_pooling_config(const std::filesystem::path& path, std::size_t width) {
  const ConfigReader config(path);
  for (const char* const key : {"embedding_dimension", "word_embedding_dimension"}) {
    if (!config.has(key)) continue;
    if (const std::size_t said = config.width(key); said != width) {
      config.fail(key, fmt::format("is {}, where the encoder's vectors have {}", said, width));
    }
  }
  return {.poolings = poolings_of(config), .includes_prompt = config.flag("include_prompt", true)};
}

}  // namespace normscope

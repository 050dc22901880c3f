#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "hub/names.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

constexpr std::string_view kDatasetPrefix = "hf:";

struct Parts {
  std::string_view name;
  std::string revision = "main";
};

Parts at_revision(std::string_view reference, std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return {.name = text};
  Parts parts{.name = text.substr(0, at), .revision = std::string(text.substr(at + 1))};
  if (!is_revision(parts.revision)) {
    throw Error(std::string(reference),
                fmt::format("'{}' is no name of a revision", parts.revision));
  }
  return parts;
}

std::string checked_repository(std::string_view reference, std::string_view name) {
  if (!is_repository_name(name)) {
    throw Error(std::string(reference),
                fmt::format("'{}' is no name of a repository on the hub: it is NAME or "
                            "ORGANISATION/NAME, of letters, digits, '-', '_' and '.'",
                            name));
  }
  return std::string(name);
}

}  // namespace

ModelReference parse_model_reference(std::string_view text) {
  Parts parts = at_revision(text, text);
  return {.repository = checked_repository(text, parts.name),
          .revision = std::move(parts.revision)};
}

bool is_dataset_reference(std::string_view text) { return text.starts_with(kDatasetPrefix); }

DatasetReference parse_dataset_reference(std::string_view text) {
  if (!is_dataset_reference(text)) {
    throw Error(std::string(text), "a dataset on the hub is hf:NAME or hf:ORGANISATION/NAME");
  }
  Parts parts = at_revision(text, text.substr(kDatasetPrefix.size()));
  std::array<std::string, 4> fields;
  std::size_t count = 0;
  for (std::string_view rest = parts.name;;) {
    if (count == fields.size()) {
      throw Error(std::string(text), "has more parts than hf:NAME:CONFIG:SPLIT:COLUMN@REVISION");
    }
    const std::size_t colon = rest.find(':');
    fields[count++] = rest.substr(0, colon);
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  return {.repository = checked_repository(text, fields[0]),
          .config = std::move(fields[1]),
          .split = std::move(fields[2]),
          .column = std::move(fields[3]),
          .revision = std::move(parts.revision)};
}

}  // namespace normscope
